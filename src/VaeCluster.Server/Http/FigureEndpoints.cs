using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VaeCluster.Core;
using VaeCluster.Service.Pictures;
using VaeCluster.Service.Runs;
using static VaeCluster.Server.Http.RequestValues;

namespace VaeCluster.Server.Http;

/// <summary>
/// Pictures of a run's model, drawn on request. The headers <c>VaeCluster-Step</c> and <c>VaeCluster-Weights</c> say which weights were
/// used.
/// </summary>
internal static class FigureEndpoints
{
    /// <summary>The header with the step of the weights.</summary>
    internal const string StepHeader = "VaeCluster-Step";

    /// <summary>The header with <c>live</c> or <c>checkpoint</c>.</summary>
    internal const string WeightsHeader = "VaeCluster-Weights";

    private const string Run = "/api/v1/runs/{id}";

    private static readonly ApiParameter Z = new("z", "string",
        "a position in the latent space, one number per dimension, separated by commas; default zeros");
    private static readonly ApiParameter Columns = new("columns", "integer", "images side by side; default 8");
    private static readonly ApiParameter Rows = new("rows", "integer", "rows; 4");
    private static readonly ApiParameter Seed = new("seed", "integer", "seed of the samples or examples; default 0");
    private static readonly ApiParameter Examples = new("examples", "string", "numbers of examples, separated by commas");

    /// <summary>Adds the routes.</summary>
    /// <param name="routes">The server's routes.</param>
    /// <param name="runs">The service.</param>
    internal static void Map(IEndpointRouteBuilder routes, IRunService runs)
    {
        routes.MapGet($"{Run}/model", async context =>
            await WriteAsync(context, StatusCodes.Status200OK, await runs.InspectAsync(Id(context), context.RequestAborted)))
            .Describe("Sizes of the model, and the KL of each latent dimension", typeof(RunModel));
        routes.MapGet($"{Run}/code", async context =>
        {
            int example = Number(context, "example", 0, int.MaxValue) ?? 0;
            await WriteAsync(context, StatusCodes.Status200OK, await runs.EncodeAsync(Id(context), example, context.RequestAborted));
        }).Describe("The code of an example", typeof(RunCode),
            query: new ApiParameter("example", "integer", "the example, from 0; default 0"));
        Map(routes, runs, "decode", PictureKind.Decode, "The image at a position in the latent space", Z);
        Map(routes, runs, "samples", PictureKind.Samples, "Images decoded from draws of the prior", Columns, Rows, Seed);
        Map(routes, runs, "reconstructions", PictureKind.Reconstructions, "Examples above their reconstructions", Columns, Rows, Seed,
            Examples);
        Map(
            routes, runs, "traversal", PictureKind.Traversal, "One row per dimension, in which only that dimension changes", Z, Columns,
            Examples,
            new ApiParameter("dimensions", "string", "dimensions, separated by commas; default the eight with the highest KL"),
            new ApiParameter("from", "number", "first value; default -3"), new ApiParameter("to", "number", "last value; default 3"));
        Map(routes, runs, "interpolation", PictureKind.Interpolation, "The straight line between the codes of two examples", Columns,
            Examples);
    }

    private static void Map(IEndpointRouteBuilder routes, IRunService runs, string name, PictureKind kind, string summary,
        params ApiParameter[] query) =>
        routes.MapGet($"{Run}/{name}", async context =>
        {
            RunPicture picture = await runs.DrawAsync(Id(context), Read(context, kind), context.RequestAborted);
            IHeaderDictionary headers = context.Response.Headers;
            headers[StepHeader] = FormattableString.Invariant($"{picture.Step}");
            headers[WeightsHeader] = picture.IsLive ? "live" : "checkpoint";
            headers.CacheControl = "no-store";
            context.Response.ContentType = "image/png";
            context.Response.ContentLength = picture.Png.Length;
            await context.Response.Body.WriteAsync(picture.Png, context.RequestAborted);
        }).Describe(summary, null, type: "image/png", query: query);

    private static PictureRequest Read(HttpContext context, PictureKind kind)
    {
        const int Most = 400;
        var standard = new PictureRequest { Kind = kind };
        float[]? latent = Reals(context, "z");
        int[]? examples = Numbers(context, "examples");
        if (latent is not null && examples is not null && kind == PictureKind.Traversal)
            throw new BadInputException("request", "z, examples", null, "only one of them: each sets the centre of the traversal");
        return standard with
        {
            Latent = latent,
            Examples = examples,
            Dimensions = Numbers(context, "dimensions"),
            Columns = Number(context, "columns", 1, Most) ?? standard.Columns,
            Rows = Number(context, "rows", 1, Most) ?? standard.Rows,
            From = (float)(Real(context, "from", -100, 100) ?? standard.From),
            To = (float)(Real(context, "to", -100, 100) ?? standard.To),
            Seed = Number(context, "seed", 0, int.MaxValue) ?? 0,
        };
    }
}
