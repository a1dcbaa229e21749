-- Orleans 10.4 cleans up its membership table itself, so deletion must affect only dead silos, and only those without recent news.

-- A silo that suspects another writes back the row that it read. A heartbeat that arrived since then must not be lost.
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

-- SiloStatus.Dead is 6. Times of suspicion are in a text that only Orleans parses, so bulk deletion takes only silos without suspicions.
update OrleansQuery set QueryText = $query$
    delete from vaecluster_silo
    where cluster = @DeploymentId and status = 6 and alive < @IAmAliveTime and started < @IAmAliveTime and coalesce(suspicions, '') = ''
$query$
where QueryKey = 'CleanupDefunctSiloEntriesKey';

-- Deletes one silo, chosen by Orleans from all of its times, if its row has not changed since it was read.
insert into OrleansQuery (QueryKey, QueryText) values
('CleanupDefunctSiloEntryKey', $query$
    delete from vaecluster_silo
    where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation
        and status = 6 and started = @StartTime and alive = @IAmAliveTime
        and coalesce(suspicions, '') = coalesce(@SuspectTimes::text, '')
$query$);
