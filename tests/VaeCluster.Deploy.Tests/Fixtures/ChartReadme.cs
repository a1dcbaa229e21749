using System.Text;

namespace VaeCluster.Deploy.Tests.Fixtures;

/// <summary>Makes the chart's README of the comments in values.yaml.</summary>
internal static class ChartReadme
{
    private const string Head = """
        # The chart of VaeCluster

        Server silos, which coordinate runs, hold parameters and answer the API, and worker silos, which compute, as workloads of their own.
        [deploy/README.md](../../deploy/README.md) tells how to build the images, install, upgrade, scale, back up, and what alerts mean.

        ```console
        $ helm install trainer helm/vaecluster -n vae --create-namespace -f deploy/values/cpu.yaml    # for trying out, without GPUs
        $ helm test trainer -n vae
        ```

        This file is made of the comments in [values.yaml](values.yaml):
        `VAECLUSTER_WRITE_CHART_README=1 dotnet test tests/VaeCluster.Deploy.Tests --filter README`. Unknown values are refused, at every level.

        | value | default | meaning |
        |---|---|---|

        """;

    /// <summary>The text.</summary>
    internal static string Make()
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (ValueComments.Value value in ValueComments.Read(File.ReadAllText(Path.Combine(Repository.Chart, "values.yaml"))))
        {
            string standard = value.Default.Length == 0 ? "see values.yaml" : $"`{value.Default}`";
            text.Append($"| `{value.Path}` | {standard} | {value.Text.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
        }

        return text.ToString();
    }
}
