-- Of a settlement's indexes one held an entry for each row and answered only for those that undo another, one in a hundred.
-- It is what makes a second undo of one row impossible; a row that undoes nothing has no part in that.
create unique index settlement_undoes on settlement (owner_id, undoes) where undoes is not null;
alter table settlement drop constraint settlement_owner_id_undoes_key;
