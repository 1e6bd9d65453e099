"""Files of Shopify, WooCommerce, Stripe and Mailchimp with their figures; the comments say how they come about."""

from __future__ import annotations

from tests.engine.intake.layouts.samples import Case, Figures, Row, rows, sample, table

SHOPIFY = "shopify_orders_export.csv"
WOO = "woocommerce_order_export_plugin.csv"
STRIPE = "stripe_payments.csv"


def shopify(name: str, price: str, quantity: str = "1", **order: str) -> Row:
    return {
        "Name": name,
        "Email": f"{name[1:]}@example.com",
        "Created at": "2025-10-07 09:50:26 +0200",
        "Lineitem name": f"Item {price}",
        "Lineitem price": price,
        "Lineitem quantity": quantity,
        **{key.replace("_", " "): value for key, value in order.items()},
    }


def woo(order: str, item: str, total: str, quantity: str = "1", kept: str = "", back: str = "", **more: str) -> Row:
    return {
        "Order Number": order,
        "Order Status": more.get("status", "Completed"),
        "Order Date": "2026-01-05 10:22",
        "Email (Billing)": more.get("email", f"{order}@example.com"),
        "Name": item,
        "Quantity": quantity,
        "Quantity (- Refund)": kept or quantity,
        "Item Cost": "999",
        "Order Line Total": total,
        "Order Line Total Refunded": back or "0",
        "Order Refund Amount": more.get("order_back", "0"),
        "Cart Discount Amount": more.get("discount", "0"),
    }


def stripe(payment: str, amount: str, **more: str) -> Row:
    return {
        "id": payment,
        "Created (UTC)": "2026-01-05 10:22",
        "Amount": amount,
        "Amount Refunded": "0.00",
        "Currency": "usd",
        "Status": "Paid",
        "Captured": "true",
        "Customer ID": "cus_A",
        **{key.replace("_", " "): value for key, value in more.items()},
    }


CASES = {
    # lines 64.80 and 2 × 5.00, no discount, nothing back; 8.42 are taxes. One row per line, order cells on the first
    "Shopify sample": Case(
        "Shopify orders",
        sample(SHOPIFY),
        Figures(orders=1, lines=2, customers=1, money=74.80, accepted=2, currency="CAD"),
        "Shopify",
    ),
    # 1: 2 × 30 + 40 = 100, 10 off = 90. 2: 50, its 5 off are off shipping, since the subtotal is 50; 20 back = 30.
    # 3: cancelled (20 back to its buyer). 4: 50 of 50 back: refunded. 5: in another currency. 6: not paid.
    # In: 90 + 30 = 120 in 3 rows. Returned: 20 of order 2, 20 of order 3, 50 of order 4 = 90.
    "Shopify discounts, refunds, currencies": Case(
        "Shopify orders",
        rows(
            SHOPIFY,
            shopify("#1", "30", "2", Currency="EUR", Subtotal="90", Discount_Amount="10", Financial_Status="paid"),
            {**shopify("#1", "40"), "Email": ""},
            shopify(
                "#2",
                "50",
                Currency="EUR",
                Subtotal="50",
                Discount_Amount="5",
                Refunded_Amount="20",
                Financial_Status="partially_refunded",
            ),
            shopify("#3", "20", Currency="EUR", Cancelled_at="2025-10-08 09:50:26 +0200"),
            shopify("#4", "50", Currency="EUR", Refunded_Amount="55", Financial_Status="refunded"),
            shopify("#5", "10", Currency="USD"),
            shopify("#6", "10", Currency="EUR", Financial_Status="pending"),
        ),
        Figures(
            orders=2,
            lines=3,
            customers=2,
            money=120.0,
            accepted=3,
            reasons={
                "cancelled order": 1,
                "refunded order": 1,
                "in another currency than most of the file": 1,
                "order not paid": 1,
            },
            currency="EUR",
            returned=90.0,
        ),
        "Shopify",
    ),
    "Shopify customers": Case(
        "Shopify customers", sample("shopify_customers_export.csv"), Figures(customers=1, accepted=1), "Shopify"
    ),
    # two people by e-mail; the third row has neither e-mail nor phone
    "Shopify customers, old": Case(
        "Shopify customers",
        rows(
            "shopify_customers_export_old.csv",
            {"First Name": "Ann", "Email": "ann@example.com", "Accepts Email Marketing": "yes"},
            {"First Name": "Bob", "Email": "bob@example.com", "Accepts SMS Marketing": "yes"},
            {"First Name": "Cat"},
        ),
        Figures(customers=2, accepted=2, reasons={"no customer number, e-mail, phone or name": 1}),
        "Shopify",
    ),
    # 2999 are the net sales; “1x Blue Mug, 2x Tea” is two lines of one row
    "WooCommerce analytics": Case(
        "WooCommerce analytics",
        sample("woocommerce_analytics_orders.csv"),
        Figures(orders=1, lines=2, customers=1, money=2999.0, accepted=1, currency="USD"),
        "WooCommerce",
    ),
    # 1: 12.50 + 7.50, nothing back. 2: 3 for 30, 1 piece and 10 back = 20. 3: all of it back. 4: cancelled, 8.
    # In: 20 + 20. Returned: 10 + 15 + 8
    "WooCommerce plugin": Case(
        "WooCommerce export plugin",
        rows(
            WOO,
            woo("1", "Mug", "12.50"),
            woo("1", "Tea", "7.50", discount="5"),
            woo("2", "Tea", "30", "3", kept="2", back="-10", order_back="10"),
            woo("3", "Pot", "15", back="15", kept="0"),
            woo("4", "Pot", "8", status="Cancelled"),
        ),
        Figures(
            orders=2,
            lines=3,
            customers=2,
            money=40.0,
            accepted=3,
            reasons={"refunded order": 1, "cancelled order": 1},
            returned=33.0,
        ),
        "WooCommerce",
    ),
    # 01/13/2026 is 13 January, so 02/01/2026 is 1 February: month first. 115 - 15 shipping + 20
    "WooCommerce plugin, orders": Case(
        "WooCommerce export plugin",
        table(
            "order_id,order_number,order_date,paid_date,status,shipping_total,order_total,order_currency,"
            "customer_id,customer_email,billing_first_name,billing_last_name",
            "7,7,02/01/2026 10:00:00,,completed,15.00,115.00,GBP,0,ann@example.com,Ann,Lee",
            "8,8,01/13/2026 10:00:00,,completed,,20.00,GBP,0,bob@example.com,Bob,Ray",
            "9,9,01/13/2026 10:00:00,,failed,,20.00,GBP,0,bob@example.com,Bob,Ray",
        ),
        Figures(
            orders=2,
            customers=2,
            money=120.0,
            accepted=2,
            reasons={"order not paid": 1},
            currency="GBP",
        ),
        "WooCommerce",
    ),
    # 7: 2 mugs for 20 and a tea for 5; 8: a tea for 5. What was paid has shipping and taxes in it
    "WooCommerce plugin, a column per item": Case(
        "WooCommerce export plugin",
        table(
            "order_id,order_date,status,shipping_total,order_total,order_currency,customer_email,line_item_1,line_item_2",
            "7,02/01/2026 10:00:00,completed,5.00,36.00,GBP,ann@example.com,"
            "name:Mug|product_id:12|sku:M1|quantity:2|total:20.00,name:Tea|product_id:13|sku:|quantity:1|total:5.00",
            "8,01/13/2026 10:00:00,completed,5.00,11.00,GBP,bob@example.com,"
            "name:Tea|product_id:13|sku:|quantity:1|total:5.00,",
        ),
        Figures(orders=2, lines=3, customers=2, money=30.0, accepted=2, currency="GBP"),
        "WooCommerce",
    ),
    # 1: 49.95. 2: 20 - 5. 3: 0,25 with a decimal comma is read 0.25. 4: all back, 10. 5: failed. 6: not captured.
    "Stripe payments": Case(
        "Stripe payments",
        rows(
            STRIPE,
            stripe("ch_1", "49,95"),
            stripe("ch_2", "20,00", Amount_Refunded="5,00"),
            stripe("ch_3", "0,25", Customer_ID="cus_B"),
            stripe("ch_4", "10,00", Amount_Refunded="10,00", Status="Refunded"),
            stripe("ch_5", "10,00", Status="Failed"),
            stripe("ch_6", "10,00", Captured="false"),
        ),
        Figures(
            orders=3,
            customers=2,
            money=65.20,
            accepted=3,
            reasons={"refunded order": 1, "order not paid": 2},
            currency="USD",
            returned=15.0,
        ),
        "Stripe",
    ),
    # paid in dollars and pounds, settled in euros: 9 + 12 - 6
    "Stripe converted": Case(
        "Stripe payments",
        rows(
            STRIPE,
            stripe("ch_1", "10.00", Converted_Amount="9.00", Converted_Currency="eur"),
            stripe(
                "ch_2",
                "10.00",
                Currency="gbp",
                Amount_Refunded="5.00",
                Converted_Amount="12.00",
                Converted_Amount_Refunded="6.00",
                Converted_Currency="eur",
            ),
        ),
        Figures(orders=2, customers=1, money=15.0, accepted=2, currency="EUR", returned=6.0),
        "Stripe",
    ),
    "Stripe customers": Case(
        "Stripe customers", sample("stripe_customers.csv"), Figures(customers=1, accepted=1), "Stripe"
    ),
    # a mug in two colours, a picture of it, a towel without variants
    "Shopify products": Case(
        "Shopify products",
        table(
            "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price,"
            "Variant Inventory Qty,Image Src,Cost per item,Status",
            'mug,Mug,<p>Stoneware</p>,Acme,Kitchen,"gift, blue",true,Colour,Blue,,12.00,3,https://x.org/1.jpg,5.00,active',
            "mug,,,,,,,,Red,M-RED,13.00,0,,5.50,",
            "mug,,,,,,,,,,,,https://x.org/2.jpg,,",
            "towel,Towel,,Acme,Bath,,true,Title,Default Title,T-1,8.00,,,,active",
        ),
        Figures(products=3, accepted=3),
        "Shopify",
    ),
    "Mailchimp audience": Case(
        "Mailchimp audience", sample("mailchimp_audience.csv"), Figures(customers=1, accepted=1), "Mailchimp"
    ),
}
