-- What was cancelled or reversed at an institution is found by itself: of fifty settlements one is, and the others were all looked at for it.
create index settlement_undone on settlement (institution, settlement_id) where kind in ('cancellation', 'reversal');
