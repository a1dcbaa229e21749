using System.Text;

namespace VaeCluster.Deploy.Tests.Fixtures;

/// <summary>Generates the chart's README from the comments in values.yaml.</summary>
internal static class ChartReadme
{
    private const string Head = """
        # The Helm chart of VaeCluster

        Deploys server silos, which coordinate runs, hold parameters and serve the API, and worker silos, which compute.
        [deploy/README.md](../../deploy/README.md) explains how to build the images, install, upgrade, scale and back up, and what alerts mean.

        ```console
        $ helm install trainer helm/vaecluster -n vae --create-namespace -f deploy/values/cpu.yaml    # for trying out, without GPUs
        $ helm test trainer -n vae
        ```

        This file is generated from the comments in [values.yaml](values.yaml):
        `VAECLUSTER_WRITE_CHART_README=1 dotnet test tests/VaeCluster.Deploy.Tests --filter README`. Unknown values are refused at every level.

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
