
namespace VaeCluster.EndToEnd.Tests;

/// <summary>The launcher <c>vaecluster</c> in a small clone, with a script in the place of dotnet that writes a line in the place of a
/// program.</summary>
public sealed class LauncherTests : IDisposable
{
    // Its program is the text of src/source.txt; running it prints that text, the command as it was typed, and the arguments.
    private const string FakeDotnet =
        """
        #!/bin/sh
        case $1 in
            --version) echo "${FAKE_SDK:-10.0.100}" ;;
            --list-sdks) echo "${FAKE_SDK:-10.0.100} [/usr/share/dotnet/sdk]" ;;
            build)
                echo "$2" >>builds.log
                for word; do case $word in -p:OutDir=*) out=${word#-p:OutDir=} ;; esac; done
                echo half >"$out/half"
                if [ -e broken ]; then echo 'src/x.cs(1,2): error CS1002: ; expected'; exit 1; fi
                if [ -e empty ]; then exit 0; fi
                rm "$out/half"
                [ -e "$out/libtorch_cpu.so" ] || head -c 2000000 /dev/zero >"$out/libtorch_cpu.so"
                head -c 2000000 /dev/zero >"$out/VaeCluster.Core.dll"
                case $2 in *Silo) program=vaecluster-silo.dll ;; *) program=vaecluster.dll ;; esac
                cat src/source.txt >"$out/$program"
                ;;
            *) echo "$(cat "$1"), $VAECLUSTER_COMMAND:$(shift; printf ' <%s>' "$@")" ;;
        esac
        """;

    private readonly TemporaryFolder _clone = new();

    public LauncherTests()
    {
        if (OperatingSystem.IsWindows()) return;
        File.Copy(Path.Combine(Root(), "vaecluster"), _clone["vaecluster"]);
        Directory.CreateDirectory(_clone["src"]);
        Directory.CreateDirectory(_clone["bin"]);
        foreach (string file in (string[])["Directory.Build.props", "Directory.Packages.props", "global.json"])
            File.WriteAllText(_clone[file], file);
        File.WriteAllText(_clone["bin", "dotnet"], FakeDotnet);
        foreach (string program in (string[])[_clone["vaecluster"], _clone["bin", "dotnet"]])
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Write("one");
    }

    public void Dispose() => _clone.Dispose();

    [RequiresFact(Requirement.PosixShell)]
    public void It_builds_on_first_use_and_when_a_source_has_changed_and_keeps_the_build_before()
    {
        ProcessResult first = Run("train", "my run.yaml", "--set", "a=*").Succeeded();
        Assert.Equal("one, ./vaecluster: <train> <my run.yaml> <--set> <a=*>\n", first.Output);
        Assert.Contains("first use", first.Error, StringComparison.Ordinal);
        ProcessResult second = Run("runs").Succeeded();
        Assert.Equal(("one, ./vaecluster: <runs>\n", string.Empty), (second.Output, second.Error));
        Assert.Single(Builds());

        string before = Assert.Single(Directory.GetDirectories(_clone[".build", "cli"]));
        Write("two, changed");
        ProcessResult third = Run("runs").Succeeded();
        Assert.Equal("two, changed, ./vaecluster: <runs>\n", third.Output);
        Assert.Contains("sources changed", third.Error, StringComparison.Ordinal);
        Assert.Equal(2, Builds().Length);
        Assert.Equal("one", File.ReadAllText(Path.Combine(before, "vaecluster.dll")));
    }

    [RequiresFact(Requirement.PosixShell)]
    public void A_silo_is_a_program_of_its_own()
    {
        Assert.Equal("one, ./vaecluster silo: <--standalone>\n", Run("silo", "--standalone").Succeeded().Output);
        Assert.Equal(["src/VaeCluster.Silo"], Builds());
        Assert.True(Directory.Exists(_clone[".build", "silo"]));
    }

    [RequiresFact(Requirement.PosixShell)]
    public void A_build_that_fails_says_why_and_nothing_of_it_is_used()
    {
        File.WriteAllText(_clone["broken"], string.Empty);
        ProcessResult failed = Run("runs");
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("error CS1002: ; expected", failed.Error, StringComparison.Ordinal);
        Assert.Contains(".build/build.log", failed.Error, StringComparison.Ordinal);
        Assert.Equal(1, Run("runs").ExitCode);

        File.Delete(_clone["broken"]);
        Assert.Equal("one, ./vaecluster: <runs>\n", Run("runs").Succeeded().Output);
        Assert.Empty(Directory.GetFiles(_clone[".build"], "half", SearchOption.AllDirectories));
    }

    [RequiresFact(Requirement.PosixShell)]
    public void A_build_without_its_program_is_not_taken_for_one()
    {
        File.WriteAllText(_clone["empty"], string.Empty);
        ProcessResult failed = Run("runs");
        Assert.Equal(1, failed.ExitCode);
        Assert.Contains("the build made no vaecluster.dll", failed.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_clone[".build", "cli"]));
    }

    [RequiresFact(Requirement.PosixShell)]
    public void Two_older_builds_stay()
    {
        foreach (int build in Enumerable.Range(0, 5))
        {
            Write(new string('x', build + 1));
            Run("runs").Succeeded();

            // Builds of one second would have one age.
            Directory.SetLastWriteTimeUtc(
                Directory.GetDirectories(_clone[".build", "cli"])
                .Single(folder => File.ReadAllText(Path.Combine(folder, "vaecluster.dll")).Length == build + 1),
                DateTime.UtcNow.AddMinutes(build - 10));
        }

        Assert.Equal(
            ["xxx", "xxxx", "xxxxx"],
            Directory.GetDirectories(_clone[".build", "cli"]).Select(folder => File.ReadAllText(Path.Combine(folder, "vaecluster.dll")))
            .Order());
    }

    [RequiresFact(Requirement.PosixShell)]
    public void Large_files_of_packages_are_linked_from_the_build_before_and_files_of_ours_are_not()
    {
        Run("silo").Succeeded();
        Write("two, changed");
        Run("silo").Succeeded();
        string[] builds = Directory.GetDirectories(_clone[".build", "silo"]);
        Assert.Equal(2, builds.Length);
        Assert.Single(builds.Select(build => Inode(Path.Combine(build, "libtorch_cpu.so"))).Distinct());
        Assert.Equal(2, builds.Select(build => Inode(Path.Combine(build, "VaeCluster.Core.dll"))).Distinct().Count());
    }

    [RequiresFact(Requirement.PosixShell)]
    public async Task Starts_at_the_same_time_build_once()
    {
        ProcessResult[] starts = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => RunAsync(Environment(), "runs")));
        Assert.All(starts, start => Assert.Equal("one, ./vaecluster: <runs>\n", start.Succeeded().Output));
        Assert.Single(Builds());
    }

    [RequiresFact(Requirement.PosixShell)]
    public void A_shell_that_asks_for_completions_does_not_wait_for_a_build()
    {
        Assert.Equal((0, string.Empty), (Run("[suggest:13]", "vaecluster tr").ExitCode, Run("[suggest:13]", "vaecluster tr").Output));
        Assert.False(File.Exists(_clone["builds.log"]));

        Run("runs").Succeeded();
        Write("two, changed");
        Assert.Equal("one, ./vaecluster: <[suggest:13]> <vaecluster tr>\n", Run("[suggest:13]", "vaecluster tr").Succeeded().Output);
        Assert.Empty(Run("[suggest:18]", "vaecluster silo --").Succeeded().Output);
        Assert.Single(Builds());

        Run("silo").Succeeded();
        Assert.StartsWith("two, changed, ", Run("[suggest:18]", "vaecluster silo --").Succeeded().Output, StringComparison.Ordinal);
    }

    [RequiresFact(Requirement.PosixShell)]
    public void Another_SDK_is_one_line()
    {
        ProcessResult refused = RunAsync(Environment(("FAKE_SDK", "8.0.404")), "runs").GetAwaiter().GetResult();
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal("vaecluster: the .NET SDK 10 is needed, found: 8.0.404; install it from https://dot.net\n", refused.Error);
    }

    private static string Inode(string path) =>
        ShellCommand.Run(Path.GetDirectoryName(path)!, new Dictionary<string, string>(), "ls", "-i", path).Succeeded().Output.Trim()
            .Split(' ')[0];

    // Of another length each time: the clock of a file may be coarse.
    private void Write(string source) => File.WriteAllText(_clone["src", "source.txt"], source);

    private string[] Builds() => File.ReadAllLines(_clone["builds.log"]);

    private Dictionary<string, string> Environment(params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = $"{_clone["bin"]}:{System.Environment.GetEnvironmentVariable("PATH")}",
        };
        foreach ((string name, string value) in more) environment[name] = value;
        return environment;
    }

    private ProcessResult Run(params string[] arguments) => RunAsync(Environment(), arguments).GetAwaiter().GetResult();

    private Task<ProcessResult> RunAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        ShellCommand.RunAsync(_clone.Path, environment, "/bin/sh", ["./vaecluster", .. arguments]);

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VaeCluster.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
