-- What the desks of cards look for: a card by what it is called, and temporary losses that have lapsed.

create index card_by_hash on card (card_hash);

create index card_lapsing on card (((document -> 'loss' ->> 'lapses')::float8))
  where document -> 'loss' ->> 'kind' = 'temporary';
