-- The membership table. Orleans reads its statements from the table OrleansQuery by key, fills in the parameters by name and reads the
-- columns by name. Those names are fixed by Orleans; everything else is ours.

create table OrleansQuery
(
    QueryKey text primary key,
    QueryText text not null
);

-- One row per cluster. Every change of membership locks this row first, so changes are serialised and cannot deadlock.
create table vaecluster_membership
(
    cluster text primary key,
    version integer not null default 0,
    changed timestamptz not null default now()
);

create table vaecluster_silo
(
    cluster text not null references vaecluster_membership on delete cascade,
    address text not null,
    port integer not null,
    generation integer not null,
    name text not null,
    host text not null,
    status integer not null,
    gateway_port integer not null,
    suspicions text,
    started timestamptz not null,
    alive timestamptz not null,
    primary key (cluster, address, port, generation)
);

-- True for exactly one of the callers that read the same version. The row stays locked until the transaction ends.
create function vaecluster_lock_membership(in_cluster text, in_version integer) returns boolean
language plpgsql as
$body$
begin
    perform from vaecluster_membership where cluster = in_cluster and version = in_version for update;
    return found;
end
$body$;

create function vaecluster_add_silo(
    in_cluster text, in_version integer, in_address text, in_port integer, in_generation integer, in_name text, in_host text,
    in_status integer, in_gateway_port integer, in_started timestamptz, in_alive timestamptz) returns boolean
language plpgsql as
$body$
begin
    if not vaecluster_lock_membership(in_cluster, in_version) then return false; end if;
    insert into vaecluster_silo (cluster, address, port, generation, name, host, status, gateway_port, started, alive)
    values (in_cluster, in_address, in_port, in_generation, in_name, in_host, in_status, in_gateway_port, in_started, in_alive)
    on conflict do nothing;
    if not found then return false; end if;
    update vaecluster_membership set version = version + 1, changed = now() where cluster = in_cluster;
    return true;
end
$body$;

create function vaecluster_change_silo(
    in_cluster text, in_version integer, in_address text, in_port integer, in_generation integer,
    in_status integer, in_suspicions text, in_alive timestamptz) returns boolean
language plpgsql as
$body$
begin
    if not vaecluster_lock_membership(in_cluster, in_version) then return false; end if;
    update vaecluster_silo set status = in_status, suspicions = in_suspicions, alive = in_alive
    where cluster = in_cluster and address = in_address and port = in_port and generation = in_generation;
    if not found then return false; end if;
    update vaecluster_membership set version = version + 1, changed = now() where cluster = in_cluster;
    return true;
end
$body$;

-- Returns the version even if there are no silos, in a row whose silo columns are null.
create view vaecluster_member as
select
    m.cluster,
    m.version as Version,
    s.address as Address,
    s.port as Port,
    s.generation as Generation,
    s.name as SiloName,
    s.host as HostName,
    s.status as Status,
    s.gateway_port as ProxyPort,
    s.suspicions as SuspectTimes,
    s.started as StartTime,
    s.alive as IAmAliveTime
from vaecluster_membership m left join vaecluster_silo s using (cluster);

-- SiloStatus.Active is 3.
insert into OrleansQuery (QueryKey, QueryText) values
('InsertMembershipVersionKey', $query$
    with added as (insert into vaecluster_membership (cluster) values (@DeploymentId) on conflict do nothing returning 1)
    select exists (select from added)
$query$),
('InsertMembershipKey', $query$
    select vaecluster_add_silo(@DeploymentId, @Version, @Address, @Port, @Generation, @SiloName, @HostName,
        @Status, @ProxyPort, @StartTime, @IAmAliveTime)
$query$),
('UpdateMembershipKey', $query$
    select vaecluster_change_silo(@DeploymentId, @Version, @Address, @Port, @Generation, @Status, @SuspectTimes::text, @IAmAliveTime)
$query$),
('UpdateIAmAlivetimeKey', $query$
    update vaecluster_silo set alive = @IAmAliveTime
    where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation
$query$),
('MembershipReadAllKey', $query$
    select * from vaecluster_member where cluster = @DeploymentId
$query$),
('MembershipReadRowKey', $query$
    select m.version as Version, s.Address, s.Port, s.Generation, s.SiloName, s.HostName, s.Status, s.ProxyPort, s.SuspectTimes,
        s.StartTime, s.IAmAliveTime
    from vaecluster_membership m left join vaecluster_member s
        on s.cluster = m.cluster and s.Address = @Address and s.Port = @Port and s.Generation = @Generation
    where m.cluster = @DeploymentId
$query$),
('GatewaysQueryKey', $query$
    select address as Address, gateway_port as ProxyPort, generation as Generation from vaecluster_silo
    where cluster = @DeploymentId and status = @Status and gateway_port > 0
$query$),
('CleanupDefunctSiloEntriesKey', $query$
    delete from vaecluster_silo where cluster = @DeploymentId and status <> 3 and alive < @IAmAliveTime
$query$),
('DeleteMembershipTableEntriesKey', $query$
    delete from vaecluster_membership where cluster = @DeploymentId
$query$);
