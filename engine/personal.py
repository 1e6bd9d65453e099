"""What of people's own rights is public: being forgotten, their own data, how long things are kept."""

from engine.privacy.retention import span_words
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
from engine.services.personal_data import (
    PersonalData,
    personal_data_as_json,
    personal_data_as_text,
    personal_data_of,
    write_personal_data,
)
from engine.services.personal_files import file_names
from engine.services.retention import KeptLine, keep_no_longer, set_retention, show_retention, would_go

__all__ = [
    "CustomerToForget",
    "ForgottenCustomer",
    "KeptLine",
    "PersonalData",
    "Traces",
    "customer_to_forget",
    "file_names",
    "finish_forgetting",
    "forget_again",
    "forget_customer",
    "keep_no_longer",
    "let_back",
    "personal_data_as_json",
    "personal_data_as_text",
    "personal_data_of",
    "set_retention",
    "show_retention",
    "span_words",
    "traces_of_customer",
    "would_go",
    "write_personal_data",
]
