"""What of people's own rights is public: being forgotten, their own data, how long things are kept."""

from engine.privacy.traces import Traces
from engine.services.forgetting import (
    CustomerToForget,
    ForgottenCustomer,
    customer_to_forget,
    finish_forgetting,
    forget_again,
    forget_customer,
    let_back,
    traces_of_customer,
)
from engine.services.personal_files import file_names

__all__ = [
    "CustomerToForget",
    "ForgottenCustomer",
    "Traces",
    "customer_to_forget",
    "file_names",
    "finish_forgetting",
    "forget_again",
    "forget_customer",
    "let_back",
    "traces_of_customer",
]
