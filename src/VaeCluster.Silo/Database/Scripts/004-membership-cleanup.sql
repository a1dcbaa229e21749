-- Orleans 10.4 keeps its table of members short by itself, so removing must hit dead silos only, and none about which there is news.

-- Who suspects a silo writes the row that it has read; the silo may have said since then that it lives, and that stays.
create or replace function vaecluster_change_silo(
    in_cluster text, in_version integer, in_address text, in_port integer, in_generation integer,
    in_status integer, in_suspicions text, in_alive timestamptz) returns boolean
language plpgsql as
$body$
begin
    if not vaecluster_lock_membership(in_cluster, in_version) then return false; end if;
    update vaecluster_silo set status = in_status, suspicions = in_suspicions, alive = greatest(alive, in_alive)
    where cluster = in_cluster and address = in_address and port = in_port and generation = in_generation;
    if not found then return false; end if;
    update vaecluster_membership set version = version + 1, changed = now() where cluster = in_cluster;
    return true;
end
$body$;

-- SiloStatus.Dead is 6. The times of suspicions are in a text that Orleans alone reads, so all at once go only silos that nobody suspected.
update OrleansQuery set QueryText = $query$
    delete from vaecluster_silo
    where cluster = @DeploymentId and status = 6 and alive < @IAmAliveTime and started < @IAmAliveTime and coalesce(suspicions, '') = ''
$query$
where QueryKey = 'CleanupDefunctSiloEntriesKey';

-- One silo, which Orleans chose by all of its times; only if its row is still the one that was read.
insert into OrleansQuery (QueryKey, QueryText) values
('CleanupDefunctSiloEntryKey', $query$
    delete from vaecluster_silo
    where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation
        and status = 6 and started = @StartTime and alive = @IAmAliveTime
        and coalesce(suspicions, '') = coalesce(@SuspectTimes::text, '')
$query$);
