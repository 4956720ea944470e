"""A client of Lightspeed Retail (R-Series) that needs nothing else of salesfloor but `money`.

`client` calls it, for one account, as one of its users · `records` are its answers, typed and
frozen · `drafts` are what is written to it · `errors` has a name for all that can go wrong ·
`oauth` renews tokens and gives them back · `ratelimit` paces all processes that call for an account
by one bucket, kept in memory, in Redis (`redis_store`) or wherever a `BucketStore` keeps it ·
`transport` is the HTTP below.

Whoever calls keeps the tokens (`client.Tokens`), and may pass in time, sleep and the HTTP session.
"""
