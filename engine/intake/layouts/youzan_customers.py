"""有赞's export of customers, whose header ends with a comma. A masked phone is nobody's key.

No orders and no revenue: 消费金额 is what 有赞 has added up, and is left alone.
Source: 有赞帮助中心, 客户导出字段说明.
"""

from engine import columns as c
from engine.intake import fields as f
from engine.intake.layouts import Known
from engine.phrases import Phrase

LAYOUT = Known(
    name="有赞 customers",
    kind="customers",
    platform="有赞",
    needed="客户姓名|客户昵称 客户手机号 消费次数|成为客户时间 成长值|权益卡|微信地域|公众号|客户储值余额|来源方式",
    words={
        c.PHONE: "客户手机号",
        c.NAME: "客户姓名 客户昵称",
        f.BIRTHDAY: "客户生日",
        c.GENDER: "客户性别",
        c.INTERESTS: "标签",
        c.JOINED: "成为客户时间 成为会员时间",
        c.REGION: "微信地域",
    },
    hint=Phrase(
        "有赞 masks phones unless the export is approved for them: ask for the export with whole phone numbers."
    ),
)
