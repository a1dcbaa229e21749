using System.CommandLine;
using VaeCluster.Cli.Doctor;
using VaeCluster.CommandLine;

namespace VaeCluster.Cli.Commands;

/// <summary><c>doctor</c>: can this machine train?</summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        var verb = new Verb("doctor", "Check this machine: runtime, processor, memory and disk.") { Examples = ["doctor"] };
        verb.SetAction(parsed =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output;
            IReadOnlyList<Finding> findings = MachineCheck.Run(Environment.CurrentDirectory);
            foreach (Finding finding in findings)
            {
                output.WriteLine($"{(finding.Fine ? "ok  " : "FAIL")}  {finding.What,-12} {finding.Found}");
                if (finding.Remedy is not null) output.WriteLine($"{string.Empty,-19}{finding.Remedy}");
            }

            output.WriteLine("--    cluster      TorchSharp and GPUs of a silo: vaecluster silo doctor");
            bool fine = findings.All(finding => finding.Fine);
            output.WriteLine(fine ? "All fine." : "Not ready: see the remedies above.");
            return fine ? ExitCodes.Done : ExitCodes.Failed;
        });
        return verb;
    }
}
