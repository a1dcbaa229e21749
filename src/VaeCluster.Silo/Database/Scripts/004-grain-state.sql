-- State of grains. Of any number of first writes at once exactly one may succeed: the unique index decides it, and counts two missing
-- extensions of a key as equal. The hashes that Orleans sends beside the key are for stores without such an index and are not kept.

create table vaecluster_grain_state
(
    service text not null,
    grain_type text not null,
    key_high bigint not null,
    key_low bigint not null,
    key_text text,
    payload bytea,
    version integer not null,
    changed timestamptz not null default now()
);

create unique index vaecluster_grain_state_key
    on vaecluster_grain_state (service, grain_type, key_high, key_low, key_text) nulls not distinct;

-- The new version; null where somebody else has written since in_version, or for the first time where in_version is null.
create function vaecluster_write_grain_state(
    in_service text, in_type text, in_high bigint, in_low bigint, in_text text, in_version integer, in_payload bytea) returns integer
language plpgsql as
$body$
declare
    written integer;
begin
    if in_version is null then
        insert into vaecluster_grain_state (service, grain_type, key_high, key_low, key_text, payload, version)
        values (in_service, in_type, in_high, in_low, in_text, in_payload, 1)
        on conflict do nothing
        returning version into written;
    else
        update vaecluster_grain_state set payload = in_payload, version = version + 1, changed = now()
        where service = in_service and grain_type = in_type and key_high = in_high and key_low = in_low
            and (key_text = in_text or key_text is null and in_text is null) and version = in_version
        returning version into written;
    end if;
    return written;
end
$body$;

insert into OrleansQuery (QueryKey, QueryText) values
('WriteToStorageKey', $query$
    select vaecluster_write_grain_state(@ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1, @GrainIdExtensionString::text,
        @GrainStateVersion::integer, @PayloadBinary) as NewGrainStateVersion
$query$),
('ReadFromStorageKey', $query$
    select payload as PayloadBinary, version as Version from vaecluster_grain_state
    where service = @ServiceId and grain_type = @GrainTypeString and key_high = @GrainIdN0 and key_low = @GrainIdN1
        and (key_text = @GrainIdExtensionString::text or key_text is null and @GrainIdExtensionString::text is null)
$query$),
('ClearStorageKey', $query$
    update vaecluster_grain_state set payload = null, version = version + 1, changed = now()
    where service = @ServiceId and grain_type = @GrainTypeString and key_high = @GrainIdN0 and key_low = @GrainIdN1
        and (key_text = @GrainIdExtensionString::text or key_text is null and @GrainIdExtensionString::text is null)
        and version = @GrainStateVersion::integer
    returning version as NewGrainStateVersion
$query$),
('DeleteStorageKey', $query$
    delete from vaecluster_grain_state
    where service = @ServiceId and grain_type = @GrainTypeString and key_high = @GrainIdN0 and key_low = @GrainIdN1
        and (key_text = @GrainIdExtensionString::text or key_text is null and @GrainIdExtensionString::text is null)
        and version = @GrainStateVersion::integer
    returning version + 1 as NewGrainStateVersion
$query$);
