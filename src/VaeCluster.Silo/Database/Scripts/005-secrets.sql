-- What the silos of a cluster prove to each other when they connect. Whoever can read this table can be a silo of the cluster, as whoever
-- can write to the table of members can.

create table vaecluster_secret
(
    cluster text primary key,
    secret text not null
);
