using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace VaeCluster.Cluster.Tests.Fixtures;

/// <summary>Runs PostgreSQL's programs as a user that they accept, and handles their processes.</summary>
internal static class PostgresProgram
{
    private const string User = "postgres";

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>Runs a program to its end; it must succeed.</summary>
    /// <param name="name">The program: <c>initdb</c>.</param>
    /// <param name="arguments">Its arguments.</param>
    internal static void Run(string name, params string[] arguments)
    {
        (int code, string output) = Execute(name, arguments);
        Assert.True(code == 0, $"{name} ended with {code}: {output}");
    }

    /// <summary>Runs a program to its end, whatever its result.</summary>
    /// <param name="name">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    internal static void TryRun(string name, params string[] arguments) => Execute(name, arguments);

    /// <summary>Lets the server write to a folder.</summary>
    /// <param name="folder">The folder.</param>
    internal static void GiveToServer(string folder)
    {
        if (!IsRoot) return;
        using Process process = Process.Start("chown", [User, folder]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>The processes that a process has started.</summary>
    /// <param name="process">Its id.</param>
    internal static int[] ChildrenOf(int process)
    {
        string file = string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task/{process}/children");
        string[] ids = File.ReadAllText(file).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. ids.Select(id => int.Parse(id, CultureInfo.InvariantCulture))];
    }

    /// <summary>Kills a process like kill -9; does nothing if it has gone.</summary>
    /// <param name="process">Its id.</param>
    internal static void Kill(int process)
    {
        try
        {
            using Process running = Process.GetProcessById(process);
            running.Kill();
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended by itself, as a server's processes do when another one is killed.
        }
    }

    /// <summary>Whether a process is running; false for a zombie.</summary>
    /// <param name="process">Its id.</param>
    internal static bool IsAlive(int process)
    {
        try
        {
            string status = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return status[(status.LastIndexOf(')') + 2)..][0] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static (int Code, string Output) Execute(string name, string[] arguments)
    {
        string folder = Requirements.Find(Requirement.Postgres) ?? throw new InvalidOperationException("PostgreSQL is missing");
        string program = Path.Combine(folder, name);
        ProcessStartInfo start = IsRoot
            ? new ProcessStartInfo("runuser", ["-u", User, "--", program, .. arguments])
            : new ProcessStartInfo(program, arguments);

        // The server that pg_ctl starts inherits open files and would keep a pipe open, so the output goes to a file.
        string output = Path.GetTempFileName();
        try
        {
            const string Redirect = "out=$1; shift; exec \"$@\" >\"$out\" 2>&1 </dev/null";
            string[] command = ["-c", Redirect, "sh", output, start.FileName, .. start.ArgumentList];
            var shell = new ProcessStartInfo("/bin/sh", command) { WorkingDirectory = "/" };
            using Process process = Process.Start(shell)!;
            process.WaitForExit();
            return (process.ExitCode, File.ReadAllText(output));
        }
        finally
        {
            File.Delete(output);
        }
    }
}
