using System.Globalization;
using System.Text;
using System.Text.Json;
using VaeCluster.Core;
using VaeCluster.Core.Specs;
using VaeCluster.Core.Specs.Syntax;
using VaeCluster.Sweeps.Spaces;
using VaeCluster.Sweeps.Specs;
using VaeCluster.Training.Runs;

namespace VaeCluster.Sweeps.Trials;

/// <summary>One run of a sweep: a setting of the space's fields, trained with one seed.</summary>
/// <param name="Index">Its index in the sweep, from 0: setting number = index / seeds, seed = index mod seeds.</param>
/// <param name="Parameters">The values it sets, in the order of the space.</param>
/// <param name="Seed">Its <c>training.seed</c>.</param>
public sealed record Trial(int Index, IReadOnlyDictionary<string, JsonElement> Parameters, long Seed)
{
    /// <summary>The name of its run folder, for example <c>0017-beta4-latent10-seed1</c>.</summary>
    public string FolderName
    {
        get
        {
            const int Longest = 80;
            var name = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{Index:0000}"));
            foreach ((string parameter, JsonElement value) in Parameters)
                name.Append('-').Append(parameter.Split('.')[^1]).Append(Short(value));
            name.Append(CultureInfo.InvariantCulture, $"-seed{Seed}");
            return name.Length <= Longest ? name.ToString() : string.Create(CultureInfo.InvariantCulture, $"{Index:0000}-seed{Seed}");
        }
    }

    /// <summary>The run specification, a pure function of the sweep file and the trial.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <exception cref="BadInputException">The sweep's base with these values is not a valid run file.</exception>
    public RunSpec RunSpec(SweepSpec sweep)
    {
        var origin = new SpecOrigin(sweep.Name, null, Directory.GetCurrentDirectory());
        Dictionary<string, SpecOrigin> origins = sweep.Space.ToDictionary(parameter => parameter.Field, parameter => parameter.Origin);

        // Set a family's choice before its fields: objective.schedule before objective.schedule.steps.
        SpecMap run = sweep.Base;
        foreach ((string field, JsonElement value) in Parameters.OrderBy(parameter => parameter.Key.Count(c => c == '.')))
            run = SpecOverrides.Set(run, field.Split('.'), SpaceValues.Node(value, origins.GetValueOrDefault(field, origin)));
        run = SpecOverrides.Set(run, ["training", "seed"], SpaceValues.Node(JsonSerializer.SerializeToElement(Seed), origin));
        run = SpecOverrides.Set(run, ["name"], new SpecScalar(
            origin, string.Create(CultureInfo.InvariantCulture, $"{sweep.Name}-{Index:0000}"), IsPlain: false));
        return RunFile.Read(run, RunVocabulary.All);
    }

    /// <summary>A short description, for example <c>beta 4, latent 10, seed 1</c>.</summary>
    public string Describe() =>
        string.Join(", ", Parameters.Select(parameter => $"{parameter.Key.Split('.')[^1]} {Text(parameter.Value)}").Append(
            string.Create(CultureInfo.InvariantCulture, $"seed {Seed}")));

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Short(JsonElement value)
    {
        const int Longest = 20;
        string text = value.ValueKind == JsonValueKind.String ? Path.GetFileName(value.GetString()!) : value.GetRawText();
        return new string([.. text.Replace(',', '_').Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-').Take(Longest)]);
    }
}
