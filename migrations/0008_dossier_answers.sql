-- Whoever was told that something was entered of a visit finds the visit there: it was neither deleted nor moved.
create view check_dossier_answers as
  select a.owner_id || ' ' || a.subject as subject, 'what was entered of it is gone' as problem
  from answer a
  where a.kind = 'entered' and a.subject like 'visit %'
    and not exists (
      select from dossier_entry e
      where e.owner_id = a.owner_id and e.subject = a.subject and e.version = 1
    );

grant select on check_dossier_answers to jiesuan_app;
