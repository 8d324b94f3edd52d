-- What auditors ask of books with millions of rows.

-- The transfers of a stretch of the journal. The ids of postings follow time, as their places on disk and in the journal do: so a few
-- words for each quarter of a megabyte are enough to find them, and a claim pays nothing for it.
create index transfer_placed on transfer using brin (posting_id) with (pages_per_range = 32, autosummarize = on);

-- Chains by the day of treatment, of one institution and of all. Where no day is asked for, those of an institution are found by
-- the moment at which they were posted, so that the index by institution alone has nothing left to do.
create index settlement_by_institution_and_day on settlement (institution, treated_on, settlement_id) where sequence = 1;
drop index settlement_by_institution;
create index settlement_by_day on settlement (treated_on, settlement_id) where sequence = 1;
