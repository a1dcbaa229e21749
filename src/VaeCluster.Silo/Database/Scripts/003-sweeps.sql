-- Sweeps are stored like runs; their trials are runs. Runs and sweeps share the table of generations, since their ids never clash.

create table vaecluster_sweep
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

create index vaecluster_sweep_newest_first on vaecluster_sweep (submitted desc, id desc);
