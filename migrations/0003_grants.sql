-- The application may read everything and add to the books; it may change or remove only working tables.
-- migrations/README.md lists them, and a test compares that list with what is granted.

grant usage on schema public to jiesuan_app;
grant select on all tables in schema public to jiesuan_app;
grant execute on all functions in schema public to jiesuan_app;

grant insert on
  person_version, card_version, request, answer, settlement, transfer, account_version, year_version,
  journal, rollup
to jiesuan_app;

grant insert, update on region, institution, person, card, credential, clock_mark to jiesuan_app;
grant update on journal_head to jiesuan_app;
grant insert, delete on unjournaled to jiesuan_app;
