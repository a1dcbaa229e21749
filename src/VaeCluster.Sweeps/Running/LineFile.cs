using System.Text;
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
        (Lines, long end) = Read(_stream, path);
        if (end < _stream.Length) _stream.SetLength(end);
        _stream.Position = end;
    }

    /// <summary>The file.</summary>
    internal string Path { get; }

    /// <summary>The lines at the time of opening.</summary>
    internal IReadOnlyList<JsonElement> Lines { get; }

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

    private static (List<JsonElement> Lines, long End) Read(FileStream stream, string path)
    {
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        var lines = new List<JsonElement>();
        int start = 0;
        while (content.AsSpan(start).IndexOf((byte)'\n') is >= 0 and var length)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(content.AsMemory(start, length));
                lines.Add(document.RootElement.Clone());
            }
            catch (JsonException fault)
            {
                // After a power failure the last lines may be zeros. Damage before intact lines has another cause and is an error.
                if (content.AsSpan(start + length + 1).ContainsAnyExcept((byte)0, (byte)'\n'))
                    throw new BadInputException(
                        $"{path}:{lines.Count + 1}", null, Encoding.UTF8.GetString(content, start, length), "a JSON object on one line",
                        fault);
                break;
            }

            start += length + 1;
        }

        return (lines, start);
    }
}
