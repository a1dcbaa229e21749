using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>One of our programs as a separate process, with its output and the signals to send it.</summary>
public class ProgramProcess : IDisposable
{
    // .NET compiles a method again, with more care, after 30 calls. In a silo that lives for seconds that takes two fifths of all processor
    // time, so here it takes some thousands of calls; the number is hexadecimal. Results do not depend on it.
    private const string CallsVariable = "DOTNET_TC_CallCountThreshold", Calls = "2000";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _output = new(), _error = new();
    private readonly List<(Func<string, bool> Wanted, TaskCompletionSource<string> Found)> _waiting = [];

    /// <summary>Starts it.</summary>
    /// <param name="program">The program's file next to the tests, such as <c>vaecluster.dll</c>.</param>
    /// <param name="folder">Its current folder.</param>
    /// <param name="arguments">Its arguments.</param>
    public ProgramProcess(string program, string folder, params string[] arguments)
        : this(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments])
        {
            WorkingDirectory = folder,
        })
    {
    }

    /// <summary>Starts any program.</summary>
    /// <param name="start">The program, its arguments and its environment.</param>
    protected ProgramProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        start.Environment.TryAdd(CallsVariable, Calls);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Hear(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to its output.</summary>
    public string Output
    {
        get
        {
            lock (_waiting) return _output.ToString();
        }
    }

    /// <summary>What it has written to its error output.</summary>
    public string Error
    {
        get
        {
            lock (_waiting) return _error.ToString();
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">The program's file.</param>
    /// <param name="folder">Its current folder.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<ProgramResult> RunAsync(string program, string folder, params string[] arguments)
    {
        using var process = new ProgramProcess(program, folder, arguments);
        return await process.EndAsync();
    }

    /// <summary>Waits for a line of either output, including past ones; throws if the process ends without it.</summary>
    /// <param name="wanted">Whether it is the line.</param>
    public async Task<string> LineAsync(Func<string, bool> wanted)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waiting)
        {
            string? known = $"{_output}\n{_error}".Split('\n').FirstOrDefault(line => line.Length > 0 && wanted(line));
            if (known is not null) return known;
            _waiting.Add((wanted, found));
        }

        Task ended = _process.WaitForExitAsync();
        if (await Task.WhenAny(found.Task, ended).WaitAsync(Longest) == found.Task) return await found.Task;
        _process.WaitForExit();
        return found.Task.IsCompleted
            ? await found.Task
            : throw new InvalidOperationException($"the process ended with {_process.ExitCode}: {Output}{Error}");
    }

    /// <summary>Waits for its end.</summary>
    public async Task<ProgramResult> EndAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Longest);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"the process does not end; it said: {Output}{Error}");
        }

        return new ProgramResult(_process.ExitCode, Output, Error);
    }

    /// <summary>Sends SIGKILL; returns when the process has ended.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends SIGSTOP: the process neither computes nor answers.</summary>
    public void Suspend() => Signal("STOP");

    /// <summary>Sends SIGCONT.</summary>
    public void Resume() => Signal("CONT");

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Signal(string signal)
    {
        using Process kill = Process.Start("kill", ["-s", signal, Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private void Hear(StringBuilder text, string? line)
    {
        if (line is null) return;
        lock (_waiting)
        {
            text.AppendLine(line);
            foreach ((Func<string, bool> wanted, TaskCompletionSource<string> found) in _waiting)
                if (!found.Task.IsCompleted && wanted(line)) found.TrySetResult(line);
        }
    }
}
