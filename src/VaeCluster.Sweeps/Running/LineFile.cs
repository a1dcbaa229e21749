using System.Text;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Training.Files;

namespace VaeCluster.Sweeps.Running;

/// <summary>A file of JSON lines that is only ever added to. A line is flushed before it counts; one that a crash tore is dropped.</summary>
internal sealed class LineFile : IDisposable
{
    private readonly bool _isShared;
    private FileStream _stream;

    /// <summary>Opens a file, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="demand">
    /// Throws where another one is in charge by now. With it the lines are copied to a new file in the place of the old one: what a process that hung
    /// writes when it wakes goes nowhere. Null: nobody else writes.
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

    /// <summary>The lines that it held when it was opened.</summary>
    internal IReadOnlyList<JsonElement> Lines { get; }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>Adds a line.</summary>
    /// <param name="line">An object.</param>
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
            // Half a line of a full disk must not be continued by the next one.
            _stream.SetLength(start);
            _stream.Position = start;
            throw;
        }

        // One that was replaced just before it renamed its copy has put that in the place of this file.
        if (_isShared && DurableFile.LengthAt(Path) != _stream.Position) PutBack();
    }

    /// <summary>The whole lines of a file that somebody else may be adding to.</summary>
    /// <param name="path">The file; a missing one has none.</param>
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
                // A machine that lost its power may leave zeros where the last lines were; damage before them is somebody's hand.
                if (content.AsSpan(start + length + 1).ContainsAnyExcept((byte)0, (byte)'\n'))
                    throw new BadInputException($"{path}:{lines.Count + 1}", null, Encoding.UTF8.GetString(content, start, length), "a JSON object on one line", fault);
                break;
            }

            start += length + 1;
        }

        return (lines, start);
    }
}
