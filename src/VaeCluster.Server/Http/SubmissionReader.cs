using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using VaeCluster.Core;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Http;

/// <summary>Reads what is submitted: a run file as it is, or a JSON object with the run file and how to execute it.</summary>
internal static class SubmissionReader
{
    private static readonly string[] Yaml = ["application/yaml", "application/x-yaml", "text/yaml"];

    /// <summary>Reads the body of a request.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="BadInputException">It is no submission.</exception>
    /// <exception cref="BadHttpRequestException">It is too large, or of another type.</exception>
    internal static async Task<RunSubmission> ReadAsync(HttpRequest request)
    {
        string? type = MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? header) ? header.MediaType.Value : null;
        if (Yaml.Contains(type, StringComparer.OrdinalIgnoreCase))
        {
            using var reader = new StreamReader(request.Body, Encoding.UTF8);
            return new RunSubmission { RunFile = await reader.ReadToEndAsync(request.HttpContext.RequestAborted) };
        }

        if (!"application/json".Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            throw new BadHttpRequestException(
                $"Content-Type is '{type}': application/yaml with a run file, or application/json with {{ \"runFile\": \"…\" }}",
                StatusCodes.Status415UnsupportedMediaType);
        }

        return Check(await ParseAsync(request));
    }

    private static async Task<RunSubmission> ParseAsync(HttpRequest request)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<RunSubmission>(request.Body, ApiJson.Options, request.HttpContext.RequestAborted)
                ?? throw new BadInputException("request", null, "null", "a JSON object with a runFile");
        }
        catch (JsonException fault)
        {
            string place = string.IsNullOrEmpty(fault.Path) || fault.Path == "$" ? string.Empty : $" (at {fault.Path})";
            throw new BadInputException("request", null, null, $"a JSON object with runFile, and if need be overrides and workers{place}", fault);
        }
    }

    private static RunSubmission Check(RunSubmission submission)
    {
        const int LongestName = 255;
        if (submission.RunFile is null) throw new BadInputException("request", "runFile", null, "the text of a run file");
        if (submission.Overrides is null || submission.Overrides.Any(text => text is null))
            throw new BadInputException("request", "overrides", null, "a list of texts such as \"objective.beta=4\"");
        string? name = submission.FileName;
        if (name is not null && (name.Length is 0 or > LongestName || name.Any(char.IsControl)))
            throw new BadInputException("request", "fileName", name, $"a name of at most {LongestName} characters");
        RequestValues.DemandKey(submission.Key);
        return submission;
    }
}
