"""Makes the demo shop: `python data/make_demo.py [FOLDER]` writes its four files, always the same to the byte.

Everybody and everything in it is made up. Only `random.Random` draws, whose numbers are the same in every version
of Python; README.md beside this file tells what the shop is like.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

SEED = 7
FIRST, LAST = date(2025, 5, 1), date(2026, 10, 31)
ANSWER_DAYS = 14  # an order within so many days of a message counts as its outcome


@dataclass(frozen=True)
class Product:
    key: str
    en: str
    zh: str
    category: str
    price: int
    goes_with: tuple[str, ...] = ()


PRODUCTS = (
    Product("T01", "Longjing green tea, 100 g", "明前龙井 100克", "Green tea", 128, ("C01", "S02")),
    Product("T02", "Biluochun green tea, 100 g", "碧螺春 100克", "Green tea", 118, ("C01",)),
    Product("T03", "Huangshan Maofeng, 100 g", "黄山毛峰 100克", "Green tea", 88, ("C01",)),
    Product("T04", "Jasmine pearls, 100 g", "茉莉龙珠 100克", "Scented tea", 76, ("S01", "C01")),
    Product("T05", "Osmanthus oolong, 100 g", "桂花乌龙 100克", "Scented tea", 68, ("S01",)),
    Product("T06", "Tieguanyin oolong, 125 g", "铁观音 125克", "Oolong", 96, ("C02", "C04")),
    Product("T07", "Phoenix Dancong, 100 g", "凤凰单丛 100克", "Oolong", 158, ("C02", "C04")),
    Product("T08", "Da Hong Pao, 50 g", "大红袍 50克", "Oolong", 198, ("C02",)),
    Product("T09", "Keemun black tea, 100 g", "祁门红茶 100克", "Black tea", 82, ("S03", "C05")),
    Product("T10", "Jin Jun Mei, 50 g", "金骏眉 50克", "Black tea", 168, ("C02",)),
    Product("T11", "Ripe pu'er cake, 357 g", "熟普洱饼 357克", "Pu'er", 188, ("A01", "C03")),
    Product("T12", "Raw pu'er cake, 200 g", "生普洱饼 200克", "Pu'er", 268, ("A01", "C03")),
    Product("T13", "Dried tangerine pu'er, 8 pieces", "小青柑 8颗", "Pu'er", 58, ("C05",)),
    Product("T14", "Matcha, 40 g", "抹茶粉 40克", "Green tea", 98, ("A02", "C06")),
    Product("T15", "Aged white tea, 100 g", "老白茶 100克", "White tea", 138, ("C04", "A03")),
    Product("T16", "Chrysanthemum buds, 50 g", "胎菊 50克", "Scented tea", 39, ("C05", "S01")),
    Product("C01", "Glass tea tumbler", "玻璃茶杯", "Teaware", 59),
    Product("C02", "Celadon gaiwan", "青瓷盖碗", "Teaware", 168, ("C04",)),
    Product("C03", "Purple clay teapot", "紫砂壶", "Teaware", 480, ("C04",)),
    Product("C04", "Tasting cups, set of four", "品茗杯四只装", "Teaware", 96),
    Product("C05", "Mug with strainer", "带滤马克杯", "Teaware", 78),
    Product("C06", "Matcha bowl", "抹茶碗", "Teaware", 128, ("A02",)),
    Product("C07", "Celadon vase", "青瓷小花瓶", "Ceramics", 138),
    Product("C08", "Incense holder", "陶瓷香插", "Ceramics", 68, ("A04",)),
    Product("C09", "Blue-and-white bowl", "青花碗", "Ceramics", 58),
    Product("A01", "Tea knife", "茶刀", "Accessories", 36),
    Product("A02", "Bamboo whisk", "竹茶筅", "Accessories", 45),
    Product("A03", "Tea caddy", "茶叶罐", "Accessories", 88),
    Product("A04", "Sandalwood incense", "檀香线香", "Accessories", 48, ("C08",)),
    Product("S01", "Osmanthus cakes", "桂花糕", "Snacks", 32),
    Product("S02", "Green bean cakes", "绿豆糕", "Snacks", 28),
    Product("S03", "Walnut cookies", "核桃酥", "Snacks", 35),
    Product("G01", "Tea gift box", "茶礼盒", "Gifts", 298),
    Product("G02", "Mid-Autumn gift box", "中秋礼盒", "Gifts", 258),
)
BY_KEY = {product.key: product for product in PRODUCTS}


@dataclass(frozen=True)
class Kind:
    """A way of being a customer; pairs are from–to.

    `last` is when they order for the last time, `gap` the days from one order to the next, `orders` how many there
    are; `teas` how many different favourites go into an order, and `pieces` of each.
    """

    share: float
    last: tuple[date, date]
    gap: tuple[int, int]
    orders: tuple[int, int]
    teas: tuple[int, int]
    pieces: tuple[int, int]
    favourites: tuple[str, ...]
    interests: tuple[str, ...]
    ages: tuple[int, int]


KINDS = {
    "regular": Kind(
        share=0.22,
        last=(date(2026, 9, 25), LAST),
        gap=(30, 42),
        orders=(9, 12),
        teas=(1, 1),
        pieces=(1, 2),
        favourites=("T01", "T03", "T04", "T05", "T06", "T09"),
        interests=("tea", "health", "reading"),
        ages=(28, 60),
    ),
    "connoisseur": Kind(
        share=0.10,
        last=(date(2026, 9, 1), LAST),
        gap=(48, 62),
        orders=(6, 8),
        teas=(2, 3),
        pieces=(2, 3),
        favourites=("T07", "T08", "T10", "T11", "T12", "T15"),
        interests=("tea", "collecting", "calligraphy"),
        ages=(40, 68),
    ),
    "drifter": Kind(
        share=0.27,
        last=(date(2025, 11, 20), date(2026, 7, 15)),
        gap=(28, 45),
        orders=(4, 5),
        teas=(1, 1),
        pieces=(1, 2),
        favourites=("T01", "T02", "T04", "T06", "T13", "T14"),
        interests=("tea", "travel", "fitness"),
        ages=(22, 55),
    ),
    "giver": Kind(
        share=0.12,
        last=(date(2026, 9, 8), date(2026, 9, 22)),
        gap=(0, 0),
        orders=(2, 3),
        teas=(1, 1),
        pieces=(2, 4),
        favourites=("G01", "G02"),
        interests=("gifts", "travel"),
        ages=(30, 62),
    ),
    "once": Kind(
        share=0.22,
        last=(date(2025, 5, 20), date(2026, 5, 31)),
        gap=(0, 0),
        orders=(1, 1),
        teas=(1, 1),
        pieces=(1, 1),
        favourites=("T16", "C01", "C05", "C07", "C08", "C09", "A04", "S01"),
        interests=("food", "home", "design"),
        ages=(19, 58),
    ),
    "new": Kind(
        share=0.07,
        last=(date(2026, 9, 20), LAST),
        gap=(14, 24),
        orders=(1, 2),
        teas=(1, 1),
        pieces=(1, 1),
        favourites=("T05", "T13", "T14", "T16"),
        interests=("tea", "fitness", "food"),
        ages=(19, 38),
    ),
}
GIFT_SEASONS = (
    (date(2025, 9, 18), "G02"),
    (date(2026, 1, 28), "G01"),
    (date(2026, 9, 8), "G02"),
)
SALE = (date(2025, 11, 1), date(2025, 11, 11))

CHINESE = {
    "female": (
        *("小雨", "静怡", "梦洁", "雅琴", "佳慧", "思涵", "晓燕", "婉清", "丽华"),
        *("欣然", "若兰", "雪梅", "诗韵", "美玲", "可心", "月华", "秋萍", "安琪"),
    ),
    "male": (
        *("建国", "志强", "浩然", "子轩", "明远", "文博", "伟", "一鸣", "俊杰"),
        *("海涛", "立新", "国栋", "晨阳", "天佑", "家豪", "磊", "致远", "长青"),
    ),
    "surnames": tuple("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许邓冯韩曹"),
}
ENGLISH = {
    "female": ("Emma", "Sophie", "Olivia", "Hannah", "Grace", "Mia", "Julia", "Chloe"),
    "male": ("Oliver", "James", "Lucas", "Ben", "Daniel", "Noah", "Tom", "Adam"),
    "surnames": ("Clarke", "Hughes", "Porter", "Grant", "Evans", "Cooper", "Reid", "Bailey", "Marsh", "Holt"),
}
CITIES = (
    ("杭州", "浙江", "China", 22),
    ("上海", "上海", "China", 20),
    ("北京", "北京", "China", 13),
    ("苏州", "江苏", "China", 8),
    ("南京", "江苏", "China", 7),
    ("广州", "广东", "China", 7),
    ("深圳", "广东", "China", 7),
    ("成都", "四川", "China", 6),
    ("武汉", "湖北", "China", 4),
    ("西安", "陕西", "China", 3),
    ("厦门", "福建", "China", 3),
    ("London", "England", "United Kingdom", 5),
    ("Manchester", "England", "United Kingdom", 2),
    ("Singapore", "", "Singapore", 3),
    ("Berlin", "", "Germany", 2),
    ("Vancouver", "British Columbia", "Canada", 2),
)


# what somebody in China would have written
IN_CHINESE = {
    "China": "中国",
    "calligraphy": "书法",
    "collecting": "收藏",
    "design": "设计",
    "fitness": "健身",
    "food": "美食",
    "gifts": "送礼",
    "health": "养生",
    "home": "家居",
    "reading": "读书",
    "tea": "茶",
    "travel": "旅行",
}


@dataclass
class Person:
    key: str
    kind: str
    name: str
    gender: str
    birth_year: int
    city: str
    region: str
    country: str
    phone: str
    email: str
    interests: str
    joined: date
    days: list[date]
    favourite: str
    consent: str = ""
    consent_at: date | None = None
    orders: list[Order] = field(default_factory=list)


@dataclass
class Order:
    at: datetime
    products: dict[str, int]  # key: pieces
    status: str = "completed"


@dataclass(frozen=True)
class Message:
    campaign: str
    goal: str
    sent_at: datetime
    customer: str
    variant: str  # a template, or holdout
    product: str
    converted: bool


def main(folder: Path) -> None:
    rng = Random(SEED)
    taken: set[str] = set()
    people = [person(rng, number, taken) for number in range(1, 301)]
    for one in people:
        one.orders = [order(rng, one, day) for day in one.days]
    sent = campaign(
        rng,
        people,
        name="spring hello",
        goal="win_back",
        day=date(2026, 3, 10),
        quiet_days=(45, 400),
        effects={"picked_for_you": 0.15, "plain_hello": 0.06, "small_thanks": 0.08},
        holdout=0.0,
    )
    sent += campaign(
        rng,
        people,
        name="summer refill",
        goal="repeat_purchase",
        day=date(2026, 7, 20),
        quiet_days=(40, 200),
        effects={"ask_me": 0.05, "picked_for_you": 0.18, "plain_reminder": 0.10},
        holdout=0.12,
    )
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "products.csv", ("product_id", "name_en", "name_zh", "category", "price"), product_rows())
    write(folder / "customers.csv", CUSTOMER_COLUMNS, customer_rows(people))
    write(folder / "orders.csv", ORDER_COLUMNS, order_rows(rng, people))
    write(folder / "campaigns.csv", CAMPAIGN_COLUMNS, campaign_rows(sent))


# who


def person(rng: Random, number: int, taken: set[str]) -> Person:
    kind = rng.choices(list(KINDS), [kind.share for kind in KINDS.values()])[0]
    traits = KINDS[kind]
    city, region, country, _ = rng.choices(CITIES, [weight for *_, weight in CITIES])[0]
    gender = "female" if rng.random() < 0.62 else "male"
    name = name_of(rng, gender, abroad=country != "China", taken=taken)
    days = order_days(rng, kind)
    joined = days[0]
    interests = rng.sample(traits.interests, rng.randint(1, len(traits.interests)))
    one = Person(
        key=f"K{number:04d}",
        kind=kind,
        name=name,
        gender=gender if rng.random() < 0.93 else "",
        birth_year=joined.year - rng.randint(*traits.ages) if rng.random() < 0.85 else 0,
        city=city,
        region=region,
        country=country,
        phone=phone(country, number) if rng.random() < 0.9 else "",
        email=f"k{number:04d}@example.com" if rng.random() < 0.7 else "",
        interests=";".join(interests) if rng.random() < 0.8 else "",
        joined=joined,
        days=days,
        favourite=rng.choice(traits.favourites),
    )
    consent(rng, one)
    return one


def name_of(rng: Random, gender: str, *, abroad: bool, taken: set[str]) -> str:
    """A name that nobody of `taken` has; it is taken then."""
    names = ENGLISH if abroad else CHINESE
    while True:
        given, surname = rng.choice(names[gender]), rng.choice(names["surnames"])
        name = f"{given} {surname}" if abroad else surname + given
        if name not in taken:
            taken.add(name)
            return name


def phone(country: str, number: int) -> str:
    """A number that nobody has: UK and North American numbers set aside for fiction; no Chinese mobile begins 100."""
    if country == "United Kingdom":
        return f"+44 7700 900{number:03d}"
    if country == "Canada":
        return f"+1 604 555 {100 + number % 100:04d}"
    return f"1000000{number:04d}" if country == "China" else ""


def consent(rng: Random, one: Person) -> None:
    drawn = rng.random()
    if drawn < 0.60:
        one.consent, one.consent_at = "granted", one.joined
    elif drawn < 0.69:
        one.consent, one.consent_at = "withdrawn", between(rng, one.joined + timedelta(days=5), LAST)


# what they buy


def order_days(rng: Random, kind: str) -> list[date]:
    """When somebody of this kind orders, counted back from the last time."""
    traits = KINDS[kind]
    n = rng.randint(*traits.orders)
    if kind == "giver":
        return [start + timedelta(days=rng.randint(0, 14)) for start, _ in GIFT_SEASONS[-n:]]
    days = [between(rng, *traits.last)]
    own_gap = rng.uniform(*traits.gap)
    while len(days) < n:
        day = days[0] - timedelta(days=max(5, round(rng.gauss(own_gap, own_gap * 0.18))))
        if SALE[0] - timedelta(days=12) <= day <= SALE[1] + timedelta(days=10) and rng.random() < 0.5:
            day = between(rng, *SALE)
        if not FIRST <= day < days[0]:
            break
        days.insert(0, day)
    return days


def order(rng: Random, one: Person, day: date) -> Order:
    """One order: mostly the favourite, often what goes with it, sometimes something else."""
    kind = KINDS[one.kind]
    gift = next((key for start, key in GIFT_SEASONS if start <= day <= start + timedelta(days=14)), None)
    teas = [one.favourite if rng.random() < 0.8 else rng.choice(kind.favourites)]
    others = [key for key in kind.favourites if key not in teas]
    teas += rng.sample(others, rng.randint(*kind.teas) - 1)
    if one.kind == "giver":
        teas = [gift or "G01"]
    basket = {key: rng.randint(*kind.pieces) for key in teas}
    for key in teas:
        for other in BY_KEY[key].goes_with:
            if rng.random() < 0.18:
                basket[other] = basket.get(other, 0) + 1
    if rng.random() < 0.10:
        extra = rng.choice(PRODUCTS[:-2]).key
        basket[extra] = basket.get(extra, 0) + 1
    if gift and one.kind == "regular" and rng.random() < 0.3:
        basket[gift] = basket.get(gift, 0) + 1
    status = "cancelled" if rng.random() < 0.012 else "completed"
    return Order(datetime.combine(day, time(rng.randint(8, 22), rng.randint(0, 59))), basket, status)


# what they were written


def campaign(
    rng: Random,
    people: Sequence[Person],
    *,
    name: str,
    goal: str,
    day: date,
    quiet_days: tuple[int, int],
    effects: dict[str, float],
    holdout: float,
) -> list[Message]:
    """Writes to those whose last order is so many days ago; `effects` is the chance that a message brings an order."""
    sent_at = datetime.combine(day, time(10, 30))
    messages = []
    for one in people:
        before = [past.at.date() for past in one.orders if past.at < sent_at]
        unsubscribed = one.consent == "withdrawn" and one.consent_at is not None and one.consent_at <= day
        if not before or unsubscribed or not quiet_days[0] <= (day - before[-1]).days <= quiet_days[1]:
            continue
        variant = "holdout" if rng.random() < holdout else rng.choice(list(effects))
        if rng.random() < effects.get(variant, 0):
            one.orders.append(order(rng, one, day + timedelta(days=rng.randint(1, 10))))
            one.orders.sort(key=lambda order: order.at)
        until = sent_at + timedelta(days=ANSWER_DAYS)
        answered = any(sent_at < after.at <= until and after.status == "completed" for after in one.orders)
        messages.append(Message(name, goal, sent_at, one.key, variant, one.favourite, answered))
    return messages


# the files

CUSTOMER_COLUMNS = (
    "customer_id",
    "name",
    "email",
    "phone",
    "gender",
    "birth_year",
    "city",
    "region",
    "country",
    "joined",
    "interests",
    "consent",
    "consent_at",
)
ORDER_COLUMNS = (
    "order_id",
    "customer_id",
    "order_date",
    "product_id",
    "product_name",
    "quantity",
    "price",
    "currency",
    "status",
)
CAMPAIGN_COLUMNS = ("campaign", "goal", "language", "sent_at", "customer_id", "variant", "product_id", "converted")


def product_rows() -> Iterable[Sequence[object]]:
    return ((p.key, p.en, p.zh, p.category, f"{p.price}.00") for p in PRODUCTS)


def customer_rows(people: Sequence[Person]) -> Iterable[Sequence[object]]:
    for one in people:
        birth_year = one.birth_year or ""
        at = one.consent_at or ""
        country, interests = one.country, one.interests
        if country == "China":
            country = IN_CHINESE[country]
            interests = ";".join(IN_CHINESE[word] for word in interests.split(";") if word)
        who = (one.key, one.name, one.email, one.phone, one.gender, birth_year, one.city, one.region, country)
        yield (*who, one.joined, interests, one.consent, at)


def order_rows(rng: Random, people: Sequence[Person]) -> Iterable[Sequence[object]]:
    """One row per line, by time; now and then an order of nobody known, or pieces that came back."""
    placed = sorted(((order.at, one.key, order) for one in people for order in one.orders), key=lambda row: row[:2])
    for number, (at, customer, bought) in enumerate(placed, start=1):
        known = customer if rng.random() > 0.01 else ""
        order_key = f"{at:%y%m}-{number:04d}"
        for key, quantity in bought.products.items():
            yield line(order_key, known, at, key, quantity, bought.status)
        if bought.status == "completed" and rng.random() < 0.012:
            came_back = min(at + timedelta(days=6), datetime.combine(LAST, time(22, 0)))
            yield line(f"{order_key}-R", known, came_back, next(iter(bought.products)), -1, "refunded")


def line(order_key: str, customer: str, at: datetime, key: str, quantity: int, status: str) -> Sequence[object]:
    product = BY_KEY[key]
    return order_key, customer, f"{at:%Y-%m-%d %H:%M}", key, product.zh, quantity, f"{product.price}.00", "CNY", status


def campaign_rows(sent: Sequence[Message]) -> Iterable[Sequence[object]]:
    for m in sent:
        yield (
            m.campaign,
            m.goal,
            "zh",
            f"{m.sent_at:%Y-%m-%d %H:%M}",
            m.customer,
            m.variant,
            m.product,
            int(m.converted),
        )


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def between(rng: Random, first: date, last: date) -> date:
    """A day from `first` to `last`, both included; `first` if they are the wrong way round."""
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "demo")
