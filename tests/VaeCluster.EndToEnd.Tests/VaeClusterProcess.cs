using System.Diagnostics;
using System.Text;

namespace VaeCluster.EndToEnd.Tests;

/// <summary>The command line, started as a process of its own.</summary>
public sealed class VaeClusterProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private VaeClusterProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text) _firstLine.TrySetResult(text);
            else _firstLine.TrySetException(new InvalidOperationException($"the process ended without a line of output; it said: {_error}"));
            Append(_output, line.Data);
        };
        _process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Waits for the end, but no longer than this.</summary>
    public bool HasExitedWithin(TimeSpan time) => _process.WaitForExit(time);

    public static VaeClusterProcess Start(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "vaecluster.dll"));
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return new VaeClusterProcess(start);
    }

    /// <summary>Starts and waits.</summary>
    public static ProcessResult Run(string folder, params string[] arguments) => Run(folder, new Dictionary<string, string>(), arguments);

    public static ProcessResult Run(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using VaeClusterProcess process = Start(folder, environment, arguments);
        return process.Wait();
    }

    public ProcessResult Wait()
    {
        if (!_process.WaitForExit(TimeSpan.FromMinutes(5)))
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"the process did not end in five minutes; it said: {_output}{_error}");
        }

        _process.WaitForExit();
        lock (_output) return new ProcessResult(_process.ExitCode, _output.ToString(), _error.ToString());
    }

    /// <summary>The first line of output; a process that ends without one fails.</summary>
    public Task<string> FirstLine => _firstLine.Task;

    /// <summary>kill -9.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Append(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (_output) text.AppendLine(line);
    }
}
