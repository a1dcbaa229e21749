using VaeCluster.Cli.Tests.Fixtures;
using VaeCluster.Engine.Managed;
using VaeCluster.Server.Http;
using VaeCluster.Service.InProcess;

namespace VaeCluster.Cli.Tests;

public sealed class RemoteSweepTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private InProcessService? _service;
    private ApiServer? _server;

    private string Url => _server!.Addresses[0];

    public async Task InitializeAsync()
    {
        _service = await InProcessService.OpenAsync(new InProcessOptions
        {
            RunsFolder = _folder["runs"],
            Engine = () => new ManagedEngine(),
        });
        await StartAsync("http://127.0.0.1:0");
        await File.WriteAllTextAsync(_folder["run.yaml"], TrainedFolder.Text);
        await File.WriteAllTextAsync(_folder["sweep.yaml"], "name: betas\nbase: run.yaml\nspace: { objective.beta: [1] }\n");
    }

    public async Task DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _service!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_sweep_that_is_submitted_again_with_its_key_is_the_same_sweep()
    {
        Terminal first = await SubmitAsync("sweep.yaml", "--key", "nightly");
        Assert.True(first.Code == 0, first.Error);
        Assert.StartsWith("submitted 001-betas\n", first.Output, StringComparison.Ordinal);
        Terminal second = await SubmitAsync("sweep.yaml", "--key", "nightly");
        Assert.True(second.Code == 0, second.Error);
        Assert.StartsWith("001-betas was already submitted\n", second.Output, StringComparison.Ordinal);
        Assert.Contains("sweep   001-betas on", second.Output, StringComparison.Ordinal);
        Terminal other = await SubmitAsync("sweep.yaml", "--key", "nightly", "--set", "training.seed=9");
        Assert.NotEqual(0, other.Code);
        Assert.Contains("001-betas was submitted with this one, from other content", other.Error, StringComparison.Ordinal);
        Assert.Contains("submitted 002-betas", (await SubmitAsync("sweep.yaml", "--key", "another", "--detach")).Output,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run.yaml", "sweep.yaml")]
    [InlineData("sweep.yaml", "run.yaml")]
    public async Task A_key_of_the_other_kind_of_file_is_one_line_and_code_2(string first, string second)
    {
        Terminal taken = await SubmitAsync(first, "--key", "nightly", "--detach");
        Assert.True(taken.Code == 0, taken.Error);
        Terminal refused = await SubmitAsync(second, "--key", "nightly", "--detach");
        Assert.Equal(2, refused.Code);
        Assert.StartsWith("error: request: key is 'nightly': a different key; 001-", refused.Error, StringComparison.Ordinal);
        Assert.Single(refused.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_sweep_waits_for_a_server_that_is_not_there_yet()
    {
        string address = Url;
        await _server!.DisposeAsync();
        Task<Terminal> patient = Terminal.RunAsync("submit", _folder["sweep.yaml"], "--server", address, "--wait", "60");
        await StartAsync(address);
        Terminal result = await patient;
        Assert.True(result.Code == 0, result.Error);
        Assert.Contains("submitted 001-betas", result.Output, StringComparison.Ordinal);
    }

    private async Task StartAsync(string address) => _server = await ApiServer.StartAsync(_service!.Runs, new ApiServerOptions
    {
        Urls = [address],
        Sweeps = _service.Sweeps,
    });

    private Task<Terminal> SubmitAsync(string file, params string[] line) =>
        Terminal.RunAsync(["submit", _folder[file], "--server", Url, .. line]);
}
