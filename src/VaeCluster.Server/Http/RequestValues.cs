using System.Globalization;
using Microsoft.AspNetCore.Http;
using VaeCluster.Core;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Http;

/// <summary>Reads and checks values in a request's path and query, and writes answers.</summary>
internal static class RequestValues
{
    private const int MostListed = 65536;

    /// <summary>The id in the path.</summary>
    /// <param name="context">The request.</param>
    internal static string Id(HttpContext context) => (string)context.Request.RouteValues["id"]!;

    /// <summary>A text in the query; null if absent.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">The parameter's name.</param>
    internal static string? Text(HttpContext context, string name) => context.Request.Query[name] is [{ } text, ..] ? text : null;

    /// <summary>A whole number in the query; null if absent.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="least">The smallest value allowed.</param>
    /// <param name="most">The largest value allowed.</param>
    internal static int? Number(HttpContext context, string name, int least, int most)
    {
        if (Text(context, name) is not { } text) return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least
            && number <= most
            ? number
            : throw new BadInputException("request", name, text, FormattableString.Invariant($"a whole number from {least} to {most}"));
    }

    /// <summary>A number in the query; null if absent.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">The parameter's name.</param>
    /// <param name="least">The smallest value allowed.</param>
    /// <param name="most">The largest value allowed.</param>
    internal static double? Real(HttpContext context, string name, double least, double most)
    {
        if (Text(context, name) is not { } text) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= least
            && number <= most
            ? number
            : throw new BadInputException("request", name, text, FormattableString.Invariant($"a number from {least} to {most}"));
    }

    /// <summary>Numbers separated by commas in the query; null if absent.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">The parameter's name.</param>
    internal static float[]? Reals(HttpContext context, string name) =>
        List<float>(context, name, "numbers separated by commas, such as 0.5,-1,2");

    /// <summary>Whole numbers separated by commas in the query; null if absent.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">The parameter's name.</param>
    internal static int[]? Numbers(HttpContext context, string name) =>
        List<int>(context, name, "whole numbers separated by commas, such as 3,7");

    /// <summary>Refuses an invalid submission key.</summary>
    /// <param name="key">See <see cref="RunSubmission.Key"/>.</param>
    /// <exception cref="BadInputException">The key is empty, too long, or has several lines.</exception>
    internal static void DemandKey(string? key)
    {
        const int Longest = 255;
        if (key is not null && (key.Length is 0 or > Longest || key.Any(char.IsControl)))
            throw new BadInputException("request", "key", key, $"one line of at most {Longest} characters");
    }

    /// <summary>Answers with JSON.</summary>
    /// <typeparam name="T">The type of the answer.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="answer">The answer.</param>
    internal static Task WriteAsync<T>(HttpContext context, int status, T answer)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(answer, ApiJson.Options, context.RequestAborted);
    }

    /// <summary>Answers with a file.</summary>
    /// <param name="context">The request.</param>
    /// <param name="content">The file.</param>
    /// <param name="contentType">The content type.</param>
    internal static Task SendAsync(HttpContext context, Stream content, string contentType)
    {
        context.Response.ContentType = contentType;
        context.Response.ContentLength = content.Length;
        return content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static T[]? List<T>(HttpContext context, string name, string allowed)
        where T : struct, ISpanParsable<T>
    {
        if (Text(context, name) is not { } text) return null;
        string[] parts = text.Split(',');
        var numbers = new T[parts.Length];
        for (int i = 0; i < parts.Length; i++)
            if (parts.Length > MostListed || !T.TryParse(parts[i], CultureInfo.InvariantCulture, out numbers[i]))
                throw new BadInputException("request", name, text.Length > 100 ? text[..100] : text, allowed);
        return numbers;
    }
}
