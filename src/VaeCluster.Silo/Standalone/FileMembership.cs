using System.Globalization;
using System.Text.Json;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Silo.Standalone;

/// <summary>
/// Orleans' membership table for the silos of one machine: a file in the folder of runs that is replaced atomically under a lock. All silos
/// are equal, so any of them may die; and a silo whose process has gone counts as dead at once, without a timeout.
/// </summary>
/// <param name="runs">The folder of runs, which must exist.</param>
/// <param name="clusterId">The cluster.</param>
internal sealed class FileMembership(string runs, string clusterId) : IMembershipTable
{
    private readonly string _path = PathIn(runs);

    /// <summary>The id of another cluster with live silos in a folder of runs; null if there is none.</summary>
    /// <param name="runs">The folder.</param>
    /// <param name="own">This cluster's id.</param>
    internal static string? OtherCluster(string runs, string own) =>
        Read(PathIn(runs)) is { } members && members.ClusterId != own
        && members.Silos.Any(silo => silo.Status != SiloStatus.Dead && silo.Process.IsAlive)
            ? members.ClusterId
            : null;

    /// <inheritdoc/>
    public Task InitializeMembershipTableAsync(bool tryInitTableVersion, CancellationToken cancellationToken = default) => ChangeAsync(
        members =>
        {
            if (members.Silos.All(silo => silo.Status == SiloStatus.Dead || silo.Process.IsAlive)) return members;
            int version = members.Version + 1;
            return members with
            {
                Version = version,
                Silos = [.. members.Silos.Select(silo => silo.Status == SiloStatus.Dead || silo.Process.IsAlive
                    ? silo
                    : silo with { Status = SiloStatus.Dead, Version = version })],
            };
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task DeleteMembershipTableEntriesAsync(string clusterId, CancellationToken cancellationToken = default) =>
        ChangeAsync(members => members with { Silos = [] }, cancellationToken);

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntriesAsync(DateTimeOffset beforeDate, CancellationToken cancellationToken = default) => ChangeAsync(
        members => members with
        {
            Silos = [.. members.Silos.Where(silo => silo.Status != SiloStatus.Dead
                || LastNewsOf(silo.ToEntry()) >= beforeDate.UtcDateTime)],
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadRowAsync(SiloAddress key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string address = key.ToParsableString();
        return Task.FromResult(Table(silo => silo.Address == address));
    }

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadAllAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Table(_ => true));
    }

    /// <inheritdoc/>
    public Task<bool> InsertRowAsync(MembershipEntry entry, TableVersion tableVersion, CancellationToken cancellationToken = default) =>
        ChangeAsync(
        members =>
        {
            StoredSilo silo = StoredSilo.From(entry, ProcessIdentity.Own) with { Version = members.Version + 1 };
            if (!IsNewest(members, tableVersion) || members.Silos.Any(known => known.Address == silo.Address)) return null;
            return members with { Version = members.Version + 1, Silos = [.. members.Silos, silo] };
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> UpdateRowAsync(
        MembershipEntry entry, string etag, TableVersion tableVersion, CancellationToken cancellationToken = default) => ChangeAsync(
        members =>
        {
            string address = entry.SiloAddress.ToParsableString();
            StoredSilo? known = members.Silos.FirstOrDefault(silo => silo.Address == address);
            if (!IsNewest(members, tableVersion) || known is null || etag != Etag(known.Version)) return null;
            int version = members.Version + 1;

            // A silo that suspects another writes back the row that it read. A heartbeat that arrived since then must not be lost.
            StoredSilo changed = StoredSilo.From(entry, known.Process) with { Version = version };
            if (changed.Alive < known.Alive) changed = changed with { Alive = known.Alive };
            return members with { Version = version, Silos = [.. members.Silos.Select(silo => silo == known ? changed : silo)] };
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task UpdateIAmAliveAsync(MembershipEntry entry, CancellationToken cancellationToken = default) => ChangeAsync(
        members =>
        {
            string address = entry.SiloAddress.ToParsableString();
            return members with
            {
                Silos = [.. members.Silos.Select(silo => silo.Address == address ? silo with { Alive = entry.IAmAliveTime } : silo)],
            };
        },
        cancellationToken);

    // The interface still requires the names that these methods had before Orleans 10.4.
    Task IMembershipTable.InitializeMembershipTable(bool tryInitTableVersion) => InitializeMembershipTableAsync(tryInitTableVersion);

    Task IMembershipTable.DeleteMembershipTableEntries(string clusterId) => DeleteMembershipTableEntriesAsync(clusterId);

    Task IMembershipTable.CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => CleanupDefunctSiloEntriesAsync(beforeDate);

    Task<MembershipTableData> IMembershipTable.ReadRow(SiloAddress key) => ReadRowAsync(key);

    Task<MembershipTableData> IMembershipTable.ReadAll() => ReadAllAsync();

    Task<bool> IMembershipTable.InsertRow(MembershipEntry entry, TableVersion tableVersion) => InsertRowAsync(entry, tableVersion);

    Task<bool> IMembershipTable.UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        UpdateRowAsync(entry, etag, tableVersion);

    Task IMembershipTable.UpdateIAmAlive(MembershipEntry entry) => UpdateIAmAliveAsync(entry);

    private static string PathIn(string runs) => Path.Combine(runs, ".silos.json");

    private static bool IsNewest(StoredMembers members, TableVersion next) =>
        next.VersionEtag == Etag(members.Version) && next.Version == members.Version + 1;

    // The suspicion that declares a silo dead is the last news of it, even if the silo was silent for long before.
    private static DateTime LastNewsOf(MembershipEntry silo) =>
        (silo.SuspectTimes ?? []).Select(suspicion => suspicion.Item2).Append(silo.StartTime).Append(silo.IAmAliveTime).Max();

    // The file may be torn after a power cut; then no silo is alive either.
    private static StoredMembers? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<StoredMembers>(File.ReadAllText(path), ApiJson.Options);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    private StoredMembers Members() =>
        Read(_path) is { } members && members.ClusterId == clusterId ? members : new StoredMembers(clusterId, 0, []);

    private MembershipTableData Table(Func<StoredSilo, bool> wanted)
    {
        StoredMembers members = Members();
        var rows = members.Silos.Where(wanted).Select(silo => Tuple.Create(silo.ToEntry(), Etag(silo.Version))).ToList();
        return new MembershipTableData(rows, new TableVersion(members.Version, Etag(members.Version)));
    }

    private static string Etag(int version) => version.ToString(CultureInfo.InvariantCulture);

    // No flush to disk: the file says which silos are alive now, and after a power cut none is. A write in progress is not cancelled,
    // because the caller could not know whether it happened.
    private async Task<bool> ChangeAsync(Func<StoredMembers, StoredMembers?> change, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using FileStream turn = await LockFile.TakeAsync(_path + ".lock", cancellation);
        StoredMembers members = Members();
        StoredMembers? next = change(members);
        if (next is null) return false;
        if (next == members) return true;
        string part = _path + ".new";
        await File.WriteAllTextAsync(part, JsonSerializer.Serialize(next, ApiJson.Options), CancellationToken.None);
        File.Move(part, _path, overwrite: true);
        return true;
    }
}
