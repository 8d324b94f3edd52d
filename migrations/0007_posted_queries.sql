-- What reconciliation asks (对账): the rows that an institution posted over some days, and the request that wrote each.
create index settlement_posted on settlement (institution, posted_at);
create index answer_of_posting on answer (owner_id, posting_id) where posting_id is not null;
