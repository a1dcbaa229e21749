-- What wakes a grain after the death of everything. The range is one of a ring of hashes: it may pass over the end of the numbers.

create table vaecluster_reminder
(
    service text not null,
    grain text not null,
    name text not null,
    hash integer not null,
    started timestamptz not null,
    period bigint not null,
    version integer not null default 0,
    primary key (service, grain, name)
);

create index vaecluster_reminder_by_hash on vaecluster_reminder (service, hash);

create view vaecluster_reminder_entry as
select
    service,
    hash,
    grain as GrainId,
    name as ReminderName,
    started as StartTime,
    period as Period,
    version as Version
from vaecluster_reminder;

insert into OrleansQuery (QueryKey, QueryText) values
('UpsertReminderRowKey', $query$
    insert into vaecluster_reminder as r (service, grain, name, hash, started, period)
    values (@ServiceId, @GrainId, @ReminderName, @GrainHash, @StartTime, @Period)
    on conflict (service, grain, name) do update
        set hash = excluded.hash, started = excluded.started, period = excluded.period, version = r.version + 1
    returning r.version as Version
$query$),
('ReadReminderRowKey', $query$
    select * from vaecluster_reminder_entry where service = @ServiceId and GrainId = @GrainId and ReminderName = @ReminderName
$query$),
('ReadReminderRowsKey', $query$
    select * from vaecluster_reminder_entry where service = @ServiceId and GrainId = @GrainId
$query$),
('ReadRangeRows1Key', $query$
    select * from vaecluster_reminder_entry where service = @ServiceId and hash > @BeginHash and hash <= @EndHash
$query$),
('ReadRangeRows2Key', $query$
    select * from vaecluster_reminder_entry where service = @ServiceId and (hash > @BeginHash or hash <= @EndHash)
$query$),
('DeleteReminderRowKey', $query$
    with gone as (
        delete from vaecluster_reminder
        where service = @ServiceId and grain = @GrainId and name = @ReminderName and version = @Version
        returning 1)
    select exists (select from gone)
$query$),
('DeleteReminderRowsKey', $query$
    delete from vaecluster_reminder where service = @ServiceId
$query$);
