using System.Collections.Concurrent;
using System.Security.Cryptography;
using VaeCluster.Core;

namespace VaeCluster.Server.Http;

/// <summary>
/// The random key that signs sessions, and the sessions that were signed out before their time. In a folder, both outlive the server and
/// are shared by the silos of a cluster; without one, sessions end with the server.
/// </summary>
internal sealed class SessionStore
{
    private const int KeyBytes = 32;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended = [];
    private readonly string? _folder;
    private readonly TimeProvider _time;

    /// <summary>Opens the store, and makes the key if there is none.</summary>
    /// <param name="folder">The folder; null for none.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="BadInputException">The folder cannot be used.</exception>
    internal SessionStore(string? folder, TimeProvider time)
    {
        _folder = folder;
        _time = time;
        Key = folder is null ? RandomNumberGenerator.GetBytes(KeyBytes) : ReadOrMake(folder);
    }

    /// <summary>The key.</summary>
    internal byte[] Key { get; }

    /// <summary>Ends a session everywhere.</summary>
    /// <param name="id">Its id, which comes from this server: letters and digits.</param>
    /// <param name="lifetime">How long a session can last.</param>
    internal void End(string id, TimeSpan lifetime)
    {
        DateTimeOffset now = _time.GetUtcNow();
        foreach ((string known, DateTimeOffset at) in _ended)
            if (now - at > lifetime) _ended.TryRemove(known, out _);
        _ended[id] = now;
        if (_folder is null) return;
        foreach (string file in Directory.EnumerateFiles(_folder, "*.ended"))
            if (now - File.GetLastWriteTimeUtc(file) > lifetime) File.Delete(file);
        File.WriteAllBytes(FileOf(id), []);
    }

    /// <summary>Whether a session was ended.</summary>
    /// <param name="id">Its id, which comes from this server.</param>
    internal bool IsEnded(string id) => _ended.ContainsKey(id) || (_folder is not null && File.Exists(FileOf(id)));

    private static byte[] ReadOrMake(string folder)
    {
        string path = Path.Combine(folder, "key");
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            while (true)
            {
                if (File.Exists(path))
                {
                    byte[] key = File.ReadAllBytes(path);
                    if (key.Length == KeyBytes) return key;
                    File.Delete(path); // of a torn write; sessions end
                }

                Make(path);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException("--runs", null, folder, $"a writable folder, for the key of browser sessions ({fault.Message})",
                fault);
        }
    }

    // Several silos may do so at once: the first one's key counts.
    private static void Make(string path)
    {
        string own = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(own, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(KeyBytes));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(own, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(own);
        }
    }

    private string FileOf(string id) => Path.Combine(_folder!, $"{id}.ended");
}
