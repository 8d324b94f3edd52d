-- What was cancelled or reversed at an institution is found by itself: of fifty settlements one is, and the others were all looked at for it.
-- The owner and the sequence are beside it, so that those are read in order and only as far as a page goes: for whole rows the planner reads and sorts all.
create index settlement_undone on settlement (institution, kind, settlement_id) include (owner_id, sequence)
  where kind in ('cancellation', 'reversal');
