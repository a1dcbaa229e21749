-- What must outlive every silo: the runs, their fences, and how far this database has been migrated.

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

-- The fence has a life of its own: it may be taken before the run is stored here, and must never count backwards.
create table vaecluster_generation
(
    run text primary key,
    value integer not null check (value > 0),
    taken timestamptz not null default now()
);
