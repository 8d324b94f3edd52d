-- Autovacuum looks at a sample of a table again whenever it has grown by a tenth, which a young one does each minute. A sample of 30,000 wide
-- rows takes a core for a second and a half, for which claims wait; one of 3,000 tells as much of tables that are asked by their keys.
do $$
declare
  grown record;
begin
  for grown in
    select attrelid::regclass as name, attname
    from pg_attribute
    where attnum > 0 and not attisdropped
      and attrelid in (
        'settlement'::regclass, 'movement'::regclass, 'request'::regclass, 'answer'::regclass, 'dossier_entry'::regclass,
        'transfer'::regclass, 'account_version'::regclass, 'year_version'::regclass, 'journal'::regclass, 'rollup'::regclass
      )
  loop
    execute format('alter table %s alter column %I set statistics 10', grown.name, grown.attname);
  end loop;
end
$$;
