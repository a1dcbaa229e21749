using System.Buffers;
using System.Text.Json;
using VaeCluster.Training.Files;
using VaeCluster.Training.Steps;

namespace VaeCluster.Training.Metrics;

/// <summary>
/// metrics.jsonl: one JSON object a line. Lines are buffered; before a checkpoint is published they are published and flushed too, so that
/// a resumed run finds every line up to it.
/// </summary>
public sealed class MetricsLog : IDisposable
{
    private const int FlushAtBytes = 1 << 15;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly ArrayBufferWriter<byte> _lines = new(FlushAtBytes * 2);
    private readonly Utf8JsonWriter _json;
    private readonly TimeProvider _time;
    private FileStream _stream;
    private long _lastWrite;

    /// <summary>Opens the log to append to it.</summary>
    /// <param name="path">The file; made where it does not exist.</param>
    /// <param name="time">Clock that decides when buffered lines become visible to readers.</param>
    public MetricsLog(string path, TimeProvider time)
    {
        _path = path;
        _stream = Open(path);
        _json = new Utf8JsonWriter(_lines);
        _time = time;
        _lastWrite = time.GetTimestamp();
    }

    /// <summary>Appends a step's line.</summary>
    /// <param name="record">The step.</param>
    public void Write(in StepRecord record)
    {
        Begin("step"u8, record.Step, record.Epoch);
        Number("loss"u8, record.Loss);
        Terms(record.Elbo, record.Reconstruction, record.Kl);
        Number("beta"u8, record.Beta);
        if (record.Capacity is { } capacity) Number("capacity"u8, capacity);
        Number("learningRate"u8, record.LearningRate);
        Number("gradientNorm"u8, record.GradientNorm);
        Number("samplesPerSecond"u8, Math.Round(record.SamplesPerSecond, 1));
        if (record.Skipped) _json.WriteBoolean("skipped"u8, true);
        End();
    }

    /// <summary>Appends an epoch's line.</summary>
    /// <param name="record">The epoch.</param>
    public void Write(EpochRecord record)
    {
        Begin("epoch"u8, record.Step, record.Epoch);
        Number("loss"u8, record.Loss);
        Terms(record.Elbo, record.Reconstruction, record.Kl);
        Number("samplesPerSecond"u8, Math.Round(record.SamplesPerSecond, 1));
        End();
    }

    /// <summary>Appends an evaluation's line.</summary>
    /// <param name="record">The evaluation.</param>
    public void Write(EvaluationRecord record)
    {
        Begin("evaluation"u8, record.Step, record.Epoch);
        _json.WriteString("split"u8, record.Split);
        Terms(record.Elbo, record.Reconstruction, record.Kl);
        _json.WriteNumber("activeUnits"u8, record.ActiveUnits);
        _json.WriteStartArray("klPerDimension"u8);
        foreach (double kl in record.KlPerDimension) Number(kl);
        _json.WriteEndArray();
        _json.WriteNumber("examples"u8, record.Examples);
        End();
    }

    /// <summary>Makes every line visible to readers of the file.</summary>
    public void Publish()
    {
        lock (_gate)
            if (_lines.WrittenCount > 0) _stream.Write(_lines.WrittenSpan);
        _lines.ResetWrittenCount();
        _lastWrite = _time.GetTimestamp();
    }

    /// <summary>Waits until the disk has every published line. Safe beside writing on another thread.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_stream.SafeFileHandle);

    /// <summary>
    /// Puts the published lines back where another coordinator, which took charge earlier and was slow, has put its own file over them.
    /// Safe beside writing on another thread, as <see cref="Flush"/> is; not beside that.
    /// </summary>
    /// <param name="demand">Throws where the caller is no longer in charge; asked only when something is to be put back.</param>
    public void KeepInPlace(Action demand)
    {
        lock (_gate)
        {
            // Of two files that were cut back at different moments the lengths differ, at the latest with the next line.
            if (DurableFile.LengthAt(_path) == _stream.Length) return;
            DurableFile.PutInPlace(_path, CopyTo, demand);
            _stream.Dispose();
            _stream = Open(_path);
        }
    }

    /// <summary>Writes what is buffered and closes the file.</summary>
    public void Dispose()
    {
        Publish();
        _json.Dispose();
        _stream.Dispose();
    }

    private void CopyTo(string copy)
    {
        using FileStream target = File.Create(copy);
        _stream.Position = 0;
        _stream.CopyTo(target);
    }

    private static FileStream Open(string path)
    {
        var stream = new FileStream(
            path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        stream.Seek(0, SeekOrigin.End);
        return stream;
    }

    private void Begin(ReadOnlySpan<byte> kind, int step, int epoch)
    {
        _json.WriteStartObject();
        _json.WriteString("kind"u8, kind);
        _json.WriteNumber("step"u8, step);
        _json.WriteNumber("epoch"u8, epoch);
    }

    private void Terms(double elbo, double reconstruction, double kl)
    {
        Number("elbo"u8, elbo);
        Number("reconstruction"u8, reconstruction);
        Number("kl"u8, kl);
    }

    // JSON knows no NaN: a value that is not finite is null.
    private void Number(ReadOnlySpan<byte> name, double value)
    {
        _json.WritePropertyName(name);
        Number(value);
    }

    private void Number(double value)
    {
        if (double.IsFinite(value)) _json.WriteNumberValue(value);
        else _json.WriteNullValue();
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _lines.Write("\n"u8);

        // Readers follow the file: lines become visible once a second, or when many have gathered.
        if (_lines.WrittenCount >= FlushAtBytes || _time.GetElapsedTime(_lastWrite) >= TimeSpan.FromSeconds(1)) Publish();
    }
}
