using System.Text.Json;
using VaeCluster.Cli.Tests.Fixtures;
using VaeCluster.Engine.Managed;
using VaeCluster.Server.Http;
using VaeCluster.Service.InProcess;

namespace VaeCluster.Cli.Tests;

public sealed class RemoteTests(TrainedFolder trained) : IClassFixture<TrainedFolder>, IAsyncLifetime
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
        _server = await ApiServer.StartAsync(_service.Runs,
            new ApiServerOptions { Urls = ["http://127.0.0.1:0"], Token = "the-token-of-this-test" });
        await File.WriteAllTextAsync(_folder["token"], "the-token-of-this-test\n");
        await File.WriteAllTextAsync(_folder["wrong"], "another-token-of-this-test\n");
    }

    public async Task DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _service!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_submitted_run_is_followed_to_the_weights_of_train()
    {
        Terminal result = await RunAsync("submit", trained.RunFile, "--workers", "2");
        Assert.True(result.Code == 0, result.Error);
        foreach (string part in (string[])["submitted 001-tiny", "epoch 3/3 done", "validation  ELBO", "finished after 12 steps",
            "/001-tiny/report"])
            Assert.Contains(part, result.Output, StringComparison.Ordinal);
        Assert.Equal(Weights(trained.Run), Weights(_folder["runs/001-tiny"]));
    }

    [Fact]
    public async Task A_detached_run_is_shown_followed_and_listed()
    {
        Terminal detached = await RunAsync("submit", trained.RunFile, "--detach", "--set", "name=away");
        Assert.Contains("vaecluster status 001-away --follow", detached.Output, StringComparison.Ordinal);
        Terminal followed = await RunAsync("status", "001-away", "--follow");
        Assert.True(followed.Code == 0, followed.Error);
        Assert.Contains("finished after 12 steps", followed.Output, StringComparison.Ordinal);
        Assert.Contains("finished", (await RunAsync("status", "001-away")).Output, StringComparison.Ordinal);
        Assert.Contains("001-away", (await RunAsync("status")).Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync("resume", "001-away")).Code);
    }

    [Fact]
    public async Task A_run_that_is_submitted_again_with_its_key_is_the_same_run()
    {
        Terminal first = await RunAsync("submit", trained.RunFile, "--key", "nightly");
        Assert.True(first.Code == 0, first.Error);
        Assert.StartsWith("submitted 001-tiny\n", first.Output, StringComparison.Ordinal);
        Terminal second = await RunAsync("submit", trained.RunFile, "--key", "nightly");
        Assert.True(second.Code == 0, second.Error);
        Assert.StartsWith("001-tiny was already submitted\n", second.Output, StringComparison.Ordinal);
        Assert.Contains("finished after 12 steps", second.Output, StringComparison.Ordinal);
        Terminal other = await RunAsync("submit", trained.RunFile, "--key", "nightly", "--set", "training.seed=9");
        Assert.NotEqual(0, other.Code);
        Assert.Contains("001-tiny was submitted with this one, from other content", other.Error, StringComparison.Ordinal);
        Assert.Contains("submitted 002-tiny", (await RunAsync("submit", trained.RunFile, "--key", "another")).Output,
            StringComparison.Ordinal);
        Assert.Contains("submitted 003-tiny", (await RunAsync("submit", trained.RunFile)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submission_waits_for_a_server_that_is_not_there_yet_and_no_longer_than_told()
    {
        string address = Url;
        await _server!.DisposeAsync();
        string[] line = ["submit", trained.RunFile, "--server", address, "--token-file", _folder["token"]];
        Terminal impatient = await Terminal.RunAsync(line);
        Assert.Equal(1, impatient.Code);
        Assert.Contains("cannot be reached", impatient.Error, StringComparison.Ordinal);
        Task<Terminal> patient = Terminal.RunAsync([.. line, "--wait", "60"]);
        _server = await ApiServer.StartAsync(_service!.Runs, new ApiServerOptions { Urls = [address], Token = "the-token-of-this-test" });
        Terminal result = await patient;
        Assert.True(result.Code == 0, result.Error);
        Assert.Contains("submitted 001-tiny", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_run_is_stopped_and_can_be_resumed()
    {
        await RunAsync("submit", trained.RunFile, "--detach", "--set", "training.epochs=3000");
        Terminal cancelled = await RunAsync("cancel", "001-tiny");
        Assert.True(cancelled.Code == 0, cancelled.Error);
        Assert.Equal(130, (await RunAsync("status", "001-tiny", "--follow")).Code);
        Terminal resumed = await RunAsync("resume", "001-tiny", "--detach");
        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Equal(0, (await RunAsync("cancel", "001-tiny")).Code);
    }

    [Theory]
    [InlineData("status 009-none")]
    [InlineData("cancel 009-none")]
    [InlineData("status ../secret")]
    [InlineData("resume 009-none")]
    [InlineData("submit no-such-file.yaml")]
    [InlineData("resume 009-none --threads 2")]
    [InlineData("status --follow")]
    public async Task Bad_input_is_one_line_and_code_2(string line)
    {
        Terminal result = await RunAsync(line.Split(' '));
        Assert.Equal(2, result.Code);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_fault_in_the_run_file_is_the_line_of_train()
    {
        string[] set = ["--set", "training.batch=-1"];
        Terminal there = await RunAsync(["submit", trained.RunFile, .. set]);
        Terminal here = await Terminal.RunAsync(["train", trained.RunFile, .. set]);
        Assert.Equal((here.Code, here.Error), (there.Code, there.Error));
    }

    [Fact]
    public async Task A_wrong_token_and_a_silent_address_are_one_line_each()
    {
        Terminal wrong = await Terminal.RunAsync("status", "--server", Url, "--token-file", _folder["wrong"]);
        Assert.Equal(2, wrong.Code);
        Assert.Contains("not the server's token", wrong.Error, StringComparison.Ordinal);
        string closed = Url;
        await _server!.DisposeAsync();
        Terminal silent = await Terminal.RunAsync("status", "--server", closed);
        Assert.Equal(1, silent.Code);
        Assert.Contains($"{closed} cannot be reached", silent.Error, StringComparison.Ordinal);
        Assert.Single(silent.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Serve_without_a_token_refuses_other_addresses_than_this_machines()
    {
        Terminal result = await Terminal.RunAsync("serve", "--urls", "http://0.0.0.0:0", "--runs", _folder["others"]);
        Assert.Equal(2, result.Code);
        Assert.Contains("--token-file", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_listens_until_it_is_stopped()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        Terminal result = await Terminal.RunAsync(stop.Token, "serve", "--urls", "http://127.0.0.1:0", "--runs", _folder["others"]);
        Assert.True(result.Code == 0, result.Error);
        Assert.Contains("listening on http://127.0.0.1:", result.Output, StringComparison.Ordinal);
        Assert.Contains("checkpoint", result.Output, StringComparison.Ordinal);
        Assert.True(Directory.Exists(_folder["others"]));
    }

    private Task<Terminal> RunAsync(params string[] line) =>
        Terminal.RunAsync([.. line, "--server", Url, "--token-file", _folder["token"]]);

    private static string Weights(string run)
    {
        using JsonDocument result = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "result.json")));
        return result.RootElement.GetProperty("weightsSha256").GetString()!;
    }
}
