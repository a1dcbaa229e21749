-- What must outlive every silo: the runs, their generations, and the migrations that this database has had.

create table vaecluster_schema
(
    version integer primary key,
    script text not null,
    applied timestamptz not null default now()
);

create table vaecluster_run
(
    id text primary key,
    submitted timestamptz not null,
    workers integer not null,
    state text not null,
    beginning jsonb,
    notes jsonb not null,
    error text,
    version bigint not null default 0,
    changed timestamptz not null default now()
);

create index vaecluster_run_newest_first on vaecluster_run (submitted desc, id desc);

-- A table of its own, because a generation may be taken before the run is stored here, and must never decrease.
create table vaecluster_generation
(
    run text primary key,
    value integer not null check (value > 0),
    taken timestamptz not null default now()
);
