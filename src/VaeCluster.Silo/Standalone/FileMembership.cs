using System.Globalization;
using System.Text.Json;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Silo.Standalone;

/// <summary>
/// Orleans' table of members for the silos of one machine: a file in the folder of runs, replaced whole, with writers taking turns. No silo is
/// more than the others, so any of them may die; and one whose process is gone is dead without anybody having to wait for it.
/// </summary>
/// <param name="runs">The folder of runs; it exists.</param>
/// <param name="clusterId">The cluster.</param>
internal sealed class FileMembership(string runs, string clusterId) : IMembershipTable
{
    private readonly string _path = PathIn(runs);

    /// <summary>The id of another cluster whose silos live in a folder of runs; null: none.</summary>
    /// <param name="runs">The folder.</param>
    /// <param name="own">The own cluster's id.</param>
    internal static string? OtherCluster(string runs, string own) =>
        Read(PathIn(runs)) is { } members && members.ClusterId != own
        && members.Silos.Any(silo => silo.Status != SiloStatus.Dead && silo.Process.IsAlive)
            ? members.ClusterId
            : null;

    /// <inheritdoc/>
    public Task InitializeMembershipTable(bool tryInitTableVersion) => ChangeAsync(members =>
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
    });

    /// <inheritdoc/>
    public Task DeleteMembershipTableEntries(string clusterId) => ChangeAsync(members => members with { Silos = [] });

    /// <inheritdoc/>
    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => ChangeAsync(members => members with
    {
        Silos = [.. members.Silos.Where(silo => silo.Status != SiloStatus.Dead || silo.Alive >= beforeDate.UtcDateTime)],
    });

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadRow(SiloAddress key)
    {
        string address = key.ToParsableString();
        return Task.FromResult(Table(silo => silo.Address == address));
    }

    /// <inheritdoc/>
    public Task<MembershipTableData> ReadAll() => Task.FromResult(Table(_ => true));

    /// <inheritdoc/>
    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => ChangeAsync(members =>
    {
        StoredSilo silo = StoredSilo.From(entry, ProcessMark.Own) with { Version = members.Version + 1 };
        if (!IsNewest(members, tableVersion) || members.Silos.Any(known => known.Address == silo.Address)) return null;
        return members with { Version = members.Version + 1, Silos = [.. members.Silos, silo] };
    });

    /// <inheritdoc/>
    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => ChangeAsync(members =>
    {
        string address = entry.SiloAddress.ToParsableString();
        StoredSilo? known = members.Silos.FirstOrDefault(silo => silo.Address == address);
        if (!IsNewest(members, tableVersion) || known is null) return null;
        int version = members.Version + 1;
        return members with
        {
            Version = version,
            Silos = [.. members.Silos.Select(silo => silo == known ? StoredSilo.From(entry, known.Process) with { Version = version } : silo)],
        };
    });

    /// <inheritdoc/>
    public Task UpdateIAmAlive(MembershipEntry entry) => ChangeAsync(members =>
    {
        string address = entry.SiloAddress.ToParsableString();
        return members with { Silos = [.. members.Silos.Select(silo => silo.Address == address ? silo with { Alive = entry.IAmAliveTime } : silo)] };
    });

    private static string PathIn(string runs) => Path.Combine(runs, ".silos.json");

    private static bool IsNewest(StoredMembers members, TableVersion next) => next.Version == members.Version + 1;

    // After a power cut the file may be torn: then nobody lives either.
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

    private StoredMembers Members() => Read(_path) is { } members && members.ClusterId == clusterId ? members : new StoredMembers(clusterId, 0, []);

    private MembershipTableData Table(Func<StoredSilo, bool> wanted)
    {
        StoredMembers members = Members();
        var rows = members.Silos.Where(wanted).Select(silo => Tuple.Create(silo.ToEntry(), Etag(silo.Version))).ToList();
        return new MembershipTableData(rows, new TableVersion(members.Version, Etag(members.Version)));
    }

    private static string Etag(int version) => version.ToString(CultureInfo.InvariantCulture);

    // Nothing is flushed: this tells who lives now, and after a power cut nobody does.
    private async Task<bool> ChangeAsync(Func<StoredMembers, StoredMembers?> change)
    {
        using FileStream turn = await LockFile.TakeAsync(_path + ".lock", CancellationToken.None);
        StoredMembers members = Members();
        StoredMembers? next = change(members);
        if (next is null) return false;
        if (next == members) return true;
        string part = _path + ".new";
        await File.WriteAllTextAsync(part, JsonSerializer.Serialize(next, ApiJson.Options));
        File.Move(part, _path, overwrite: true);
        return true;
    }
}
