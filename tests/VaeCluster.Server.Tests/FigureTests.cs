using System.Net;
using System.Text.Json;
using VaeCluster.Engine.Managed;
using VaeCluster.Evaluation.Figures;
using VaeCluster.Evaluation.Images;
using VaeCluster.Evaluation.Runners;
using VaeCluster.Evaluation.Runs;
using VaeCluster.Server.Http;
using VaeCluster.Server.Tests.Fixtures;
using VaeCluster.Service.Pictures;

namespace VaeCluster.Server.Tests;

public sealed class FigureTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pictures_of_a_finished_run_use_its_final_weights()
    {
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        string id = (await server.SubmitAsync()).Id;
        await server.FollowAsync(id);
        (byte[] samples, string step, string weights) = await PictureAsync(server, id, "samples?columns=3&rows=2&seed=5");
        Assert.Equal((TinyRun.Steps.ToString(System.Globalization.CultureInfo.InvariantCulture), "checkpoint"), (step, weights));

        TrainedRun run = TrainedRun.Open(_folder[$"runs/{id}"], _ => { });
        using var engine = new ManagedEngine();
        using var runner = new ModelRunner(engine, run.Model, run.Weights.Span);
        Assert.Equal(PngWriter.Encode(PriorSamples.Render(runner, new PriorSamplesOptions { Rows = 2, Columns = 3, Seed = 5 })), samples);

        var pixels = new float[run.Model.Image.Pixels];
        runner.Decode([0.5f, -1f], pixels);
        var grid = new ImageGrid(1, 1, run.Model.Image, new ImageGridOptions { Gap = 0, MinTile = 1 });
        grid.Set(0, 0, pixels);
        Assert.Equal(PngWriter.Encode(grid.ToRaster()), (await PictureAsync(server, id, "decode?z=0.5,-1")).Png);

        RunModel model = await server.GetAsync<RunModel>($"{TestServer.Runs}/{id}/model");
        Assert.Equal((2, 64, 64, "validation", false), (model.Latent, model.Height, model.Width, model.Split, model.IsLive));
        Assert.Equal(2, model.KlPerDimension.Count);
        RunCode code = await server.GetAsync<RunCode>($"{TestServer.Runs}/{id}/code?example=3");
        Assert.Equal(2, code.Mean.Count);
        foreach (string figure in (string[])["reconstructions?columns=4&rows=1", "reconstructions?examples=0,1", "traversal?columns=5",
            "traversal?examples=3&dimensions=1", "interpolation?examples=0,5"])
            Assert.NotEmpty((await PictureAsync(server, id, figure)).Png);
    }

    [Fact]
    public async Task Pictures_of_a_run_in_progress_use_its_live_weights()
    {
        // The gate stops training before step 6. A picture is requested before that, and drawn with the weights of the step in between.
        using var gate = new Gate(step: 6);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], gate: gate);
        string id = (await server.SubmitAsync()).Id;
        await gate.Reached;
        Task<(byte[] Png, string Step, string Weights)> asked = PictureAsync(server, id, "decode?z=1,1");
        Assert.False(asked.IsCompleted);
        gate.Open();
        (byte[] png, string step, string weights) = await asked;
        Assert.Equal("live", weights);
        Assert.InRange(int.Parse(step, System.Globalization.CultureInfo.InvariantCulture), 6, TinyRun.Steps);
        Assert.NotEmpty(png);
        await server.FollowAsync(id);
        Assert.Equal("checkpoint", (await PictureAsync(server, id, "decode?z=1,1")).Weights);
    }

    [Fact]
    public async Task A_request_that_does_not_fit_the_model_is_refused_with_the_name_of_the_field()
    {
        (string Figure, string Field)[] misfits =
        [
            ("decode?z=1", "z"),
            ("decode?z=1,2,3", "z"),
            ("decode?z=1,x", "z"),
            ("decode?z=NaN,1", "z"),
            ("samples?columns=1000", "columns"),
            ("samples?columns=30&rows=30", "rows"),
            ("traversal?dimensions=2", "dimensions"),
            ("traversal?from=-1e9", "from"),
            ("traversal?z=0,0&examples=1", "z, examples"),
            ("interpolation?examples=1", "examples"),
            ("interpolation?examples=0,100000", "examples"),
            ("reconstructions?examples=-1", "examples"),
            ("code?example=100000", "examples"),
            ("curve?points=3", "points"),
            ("watch?interval=0", "interval"),
        ];
        await using TestServer server = await TestServer.StartAsync(_folder["runs"]);
        string id = (await server.SubmitAsync()).Id;
        await server.FollowAsync(id);
        foreach ((string figure, string field) in misfits)
        {
            using HttpResponseMessage response =
                await server.Client.GetAsync(new Uri($"{TestServer.Runs}/{id}/{figure}", UriKind.Relative));
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{figure}: {response.StatusCode}");
            using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            Assert.Equal(field, problem.RootElement.GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task A_run_whose_data_is_gone_is_shown_with_the_examples_in_its_folder()
    {
        Directory.CreateDirectory(_folder["open"]);
        SmallIdx.Write(_folder["open/images.idx"]);
        await using (TestServer first = await TestServer.StartAsync(_folder["runs"], data: _folder["open"]))
        {
            using HttpResponseMessage response = await first.PostAsync(TestServer.Runs, SmallIdx.Run("images.idx"), "application/yaml");
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            await first.FollowAsync("001-bars");
        }

        File.Delete(_folder["open/images.idx"]);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], data: _folder["open"]);
        RunModel model = await server.GetAsync<RunModel>($"{TestServer.Runs}/001-bars/model");
        Assert.Equal((6, 6, "training", 40), (model.Height, model.Width, model.Split, model.Examples));
        foreach (string figure in (string[])["samples", "decode?z=0,1", "reconstructions?examples=0,39", "traversal?examples=3"])
            Assert.NotEmpty((await PictureAsync(server, "001-bars", figure)).Png);
    }

    [Fact]
    public async Task A_run_without_weights_has_no_pictures_yet()
    {
        using var gate = new Gate(step: 1);
        await using TestServer server = await TestServer.StartAsync(_folder["runs"], gate: gate);
        await server.SubmitAsync();
        await gate.Reached;
        string waiting = (await server.SubmitAsync()).Id;
        using HttpResponseMessage response =
            await server.Client.GetAsync(new Uri($"{TestServer.Runs}/{waiting}/samples", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    private static async Task<(byte[] Png, string Step, string Weights)> PictureAsync(TestServer server, string id, string figure)
    {
        using HttpResponseMessage response = await server.Client.GetAsync(new Uri($"{TestServer.Runs}/{id}/{figure}", UriKind.Relative));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        Assert.Equal("image/png", response.Content.Headers.ContentType!.MediaType);
        return (await response.Content.ReadAsByteArrayAsync(), response.Headers.GetValues(FigureEndpoints.StepHeader).Single(),
            response.Headers.GetValues(FigureEndpoints.WeightsHeader).Single());
    }
}
