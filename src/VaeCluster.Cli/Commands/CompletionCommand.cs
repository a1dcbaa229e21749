using System.CommandLine;
using VaeCluster.Cli.Completion;
using VaeCluster.CommandLine;

namespace VaeCluster.Cli.Commands;

/// <summary><c>completion</c>: a script that makes a shell complete verbs, options and file names.</summary>
internal static class CompletionCommand
{
    private const string HowToInstall =
        """
        Install it once, in the shell's start file:
          bash   echo 'source <(vaecluster completion bash)' >> ~/.bashrc
          zsh    echo 'source <(vaecluster completion zsh)' >> ~/.zshrc      (after the line with compinit)
          fish   vaecluster completion fish > ~/.config/fish/completions/vaecluster.fish
          pwsh   Add-Content $PROFILE 'vaecluster completion pwsh | Out-String | Invoke-Expression'
        In a clone write ./vaecluster, or put the clone on the PATH.
        """;

    internal static Verb Create()
    {
        var shell = new Argument<string>("SHELL") { Description = string.Join(", ", CompletionScript.Shells) + ".", HelpName = "SHELL" };
        shell.CompletionSources.Add(CompletionScript.Shells);
        var verb = new Verb("completion", "Print a script that makes a shell complete verbs, options and file names.")
        {
            Examples = ["completion bash", "completion pwsh"],
            Notes = HowToInstall,
        };
        verb.Arguments.Add(shell);
        verb.SetAction(parsed =>
        {
            parsed.InvocationConfiguration.Output.Write(CompletionScript.For(parsed.GetRequiredValue(shell), ProgramName.Value));
            return ExitCodes.Done;
        });
        return verb;
    }
}
