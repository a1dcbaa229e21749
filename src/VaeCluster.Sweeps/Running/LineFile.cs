using System.Security.Cryptography;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Training.Files;

namespace VaeCluster.Sweeps.Running;

/// <summary>An append-only file of JSON lines. Each line is flushed to disk; a last line truncated by a crash is dropped.</summary>
internal sealed class LineFile : IDisposable
{
    private readonly bool _isShared;
    private FileStream _stream;

    /// <summary>Opens or creates a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="demand">
    /// Throws if another process has taken over the sweep. If given, the file is replaced by a copy, so that writes of a process that hung
    /// and wakes up go to the old file and have no effect. Null: there is no other writer.
    /// </param>
    internal LineFile(string path, Action? demand)
    {
        Path = path;
        _isShared = demand is not null;
        if (demand is not null) DurableFile.PutInPlace(path, copy => DurableFile.CopyOrMake(path, copy), demand);
        _stream = Open();
        (Lines, long end, Losses) = Read(_stream, path);
        if (end < _stream.Length) _stream.SetLength(end);
        _stream.Position = end;
    }

    /// <summary>The file.</summary>
    internal string Path { get; }

    /// <summary>The lines at the time of opening.</summary>
    internal IReadOnlyList<JsonElement> Lines { get; }

    /// <summary>What could not be read, or was there twice.</summary>
    internal LineLosses Losses { get; }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>Appends a line.</summary>
    /// <param name="line">The object to serialize.</param>
    internal void Add<T>(T line)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(line, SweepJson.Line);
        long start = _stream.Position;
        try
        {
            _stream.Write([.. json, (byte)'\n']);
            _stream.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // Remove a partial line (for example when the disk is full), or the next line would continue it.
            _stream.SetLength(start);
            _stream.Position = start;
            throw;
        }

        // A process that was superseded just before it renamed its copy may have replaced this file.
        if (_isShared && DurableFile.LengthAt(Path) != _stream.Position) PutBack();
    }

    /// <summary>Reads the complete lines of a file that another process may be appending to.</summary>
    /// <param name="path">The file; if it is missing there are no lines.</param>
    internal static IReadOnlyList<JsonElement> ReadAll(string path)
    {
        if (!File.Exists(path)) return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Read(stream, path).Lines;
    }

    private void PutBack()
    {
        var content = new byte[_stream.Position];
        _stream.Position = 0;
        _stream.ReadExactly(content);
        DurableFile.PutInPlace(Path, copy => DurableFile.Write(copy, stream => stream.Write(content)), () => { });
        _stream.Dispose();
        _stream = Open();
        _stream.Position = content.Length;
    }

    private FileStream Open() => new(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);

    // Damage costs the lines that it is in, no other. They stay in the file, which somebody may want to repair; only a torn end goes.
    private static (List<JsonElement> Lines, long End, LineLosses Losses) Read(FileStream stream, string path)
    {
        if (stream.Length > Array.MaxLength)
            throw new BadInputException(path, null, $"{stream.Length} bytes", $"at most {Array.MaxLength} bytes");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var lines = new List<JsonElement>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        int start = 0, whole = 0, unreadable = 0, pending = 0, doubled = 0;
        while (content.AsSpan(start).IndexOf((byte)'\n') is >= 0 and var length)
        {
            ReadOnlyMemory<byte> line = content.AsMemory(start, length);
            start += length + 1;
            if (TryParse(line) is not { } json)
            {
                // After a power failure the last lines may be zeros, which is no loss that anybody need be told of.
                pending++;
                continue;
            }

            (unreadable, pending, whole) = (unreadable + pending, 0, start);
            if (json.ValueKind != JsonValueKind.Object || known.Add(Convert.ToHexString(SHA256.HashData(line.Span)))) lines.Add(json);
            else doubled++;
        }

        return (lines, whole, new LineLosses(System.IO.Path.GetFileName(path), unreadable, doubled));
    }

    private static JsonElement? TryParse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
