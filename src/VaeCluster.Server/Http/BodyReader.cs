using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Sweeps;

namespace VaeCluster.Server.Http;

/// <summary>Reads request bodies: a run file or sweep file as YAML, or a JSON object.</summary>
internal static class BodyReader
{
    private const int LongestName = 255;

    private static readonly string[] Yaml = ["application/yaml", "application/x-yaml", "text/yaml"];

    /// <summary>Reads a submitted run.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="BadInputException">The body is not a submission.</exception>
    /// <exception cref="BadHttpRequestException">The body is too large or has another content type.</exception>
    internal static async Task<RunSubmission> RunAsync(HttpRequest request)
    {
        RunSubmission run = await ReadAsync(
            request, "run", text => new RunSubmission { RunFile = text },
            "a JSON object with runFile and optionally overrides, workers and from");
        if (run.RunFile is null) throw new BadInputException("request", "runFile", null, "the text of a run file");
        DemandTexts("overrides", run.Overrides, "objective.beta=4");
        DemandName("fileName", run.FileName);
        RequestValues.DemandKey(run.Key);
        return run;
    }

    /// <summary>Reads a submitted sweep.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="BadInputException">The body is not a submission.</exception>
    /// <exception cref="BadHttpRequestException">The body is too large or has another content type.</exception>
    internal static async Task<SweepSubmission> SweepAsync(HttpRequest request)
    {
        SweepSubmission sweep = await ReadAsync(
            request, "sweep", text => new SweepSubmission { SweepFile = text },
            "a JSON object with sweepFile and optionally baseFile and overrides");
        if (sweep.SweepFile is null) throw new BadInputException("request", "sweepFile", null, "the text of a sweep file");
        DemandTexts("overrides", sweep.Overrides, "search.trials=40");
        DemandName("fileName", sweep.FileName);
        DemandName("baseFileName", sweep.BaseFileName);
        RequestValues.DemandKey(sweep.Key);
        return sweep;
    }

    /// <summary>Reads a change to a sweep.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="BadInputException">The body is not a change.</exception>
    internal static async Task<IReadOnlyList<string>> ChangeAsync(HttpRequest request)
    {
        SweepChangeRequest change = await ParseAsync<SweepChangeRequest>(request,
            "a JSON object with set, a list such as [\"parallel=4\"]");
        DemandTexts("set", change.Set is [] ? null : change.Set, "parallel=4");
        return change.Set!;
    }

    private static async Task<T> ReadAsync<T>(HttpRequest request, string noun, Func<string, T> ofFile, string allowed)
    {
        string? type = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? header) ? header.MediaType.Value : null;
        if (Yaml.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            using var reader = new StreamReader(request.Body, Encoding.UTF8);
            return ofFile(await reader.ReadToEndAsync(request.HttpContext.RequestAborted));
        }

        if ("application/json".Equals(type, StringComparison.OrdinalIgnoreCase)) return await ParseAsync<T>(request, allowed);
        throw new BadHttpRequestException(
            $"Content-Type is '{type}': application/yaml with a {noun} file, or application/json with {{ \"{noun}File\": \"…\" }}",
            StatusCodes.Status415UnsupportedMediaType);
    }

    private static async Task<T> ParseAsync<T>(HttpRequest request, string allowed)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, ApiJson.Options, request.HttpContext.RequestAborted)
                ?? throw new BadInputException("request", null, "null", allowed);
        }
        catch (JsonException fault)
        {
            string place = string.IsNullOrEmpty(fault.Path) || fault.Path == "$" ? string.Empty : $" (at {fault.Path})";
            throw new BadInputException("request", null, null, allowed + place, fault);
        }
    }

    private static void DemandTexts(string field, IReadOnlyList<string>? texts, string example)
    {
        if (texts is null || texts.Any(text => text is null))
            throw new BadInputException("request", field, null, $"a list of texts such as \"{example}\"");
    }

    private static void DemandName(string field, string? name)
    {
        if (name is not null && (name.Length is 0 or > LongestName || name.Any(char.IsControl)))
            throw new BadInputException("request", field, name, $"a name of at most {LongestName} characters");
    }
}
