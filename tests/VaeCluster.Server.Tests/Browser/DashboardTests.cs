using System.Net;
using System.Net.Sockets;
using Microsoft.Playwright;
using VaeCluster.Server.Http;
using VaeCluster.Server.Tests.Fixtures;

namespace VaeCluster.Server.Tests.Browser;

/// <summary>Uses the dashboard as a person would, in Chromium.</summary>
[Collection(BrowserCollection.Name)]
public sealed class DashboardTests(BrowserFixture browser) : IDisposable
{
    private const string Long =
        """
        name: long
        data:       { dataset: dsprites, strides: { scale: 3, orientation: 20, x: 4, y: 4 }, validation: 0.1 }
        model:      { architecture: mlp, hidden: [16], activation: relu, latent: 3, likelihood: bernoulli }
        objective:  { kind: beta-vae, beta: 1.0 }
        training:   { epochs: 20000, batch: 16, shards: 1, optimizer: adam, learningRate: 0.003, seed: 1 }
        checkpoint: { everySteps: 2000, keep: 2 }
        evaluation: { everyEpochs: 1000 }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RequiresFact(Requirement.Browser)]
    public async Task A_run_is_started_watched_explored_paused_resumed_and_cancelled_from_its_page()
    {
        await using TestServer server = await StartAsync();
        await using PageWatch watch = await browser.OpenAsync(server.Url);
        IPage page = watch.Page;
        await watch.GoAsync("#/start");
        await page.GetByLabel("Run file").FillAsync("name: long\nobjective: { kind: bet-vae }\n");
        await page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("run.yaml");

        await page.GetByLabel("Run file").FillAsync(Long);
        await page.GetByRole(AriaRole.Button, new() { Name = "Start", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".state")).ToHaveTextAsync("running");
        await Assertions.Expect(page.Locator("svg.chart path.line").First).ToBeAttachedAsync();
        await Assertions.Expect(page.Locator("svg.timeline rect").First).ToBeAttachedAsync();
        await Assertions.Expect(page.Locator(".frame .hint")).ToContainTextAsync("live, step");

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page.Locator(".state")).ToHaveTextAsync("paused");
        await Assertions.Expect(page.Locator(".frame .hint")).ToContainTextAsync("checkpoint, step");

        // The weights no longer change, so only the slider changes the image.
        ILocator slider = page.Locator(".slider input").First;
        string before = await PixelsAsync(page, null);
        await slider.FocusAsync();
        await page.Keyboard.PressAsync("End");
        string after = await PixelsAsync(page, before);
        Assert.NotEqual(before, after);
        Assert.Equal("3.00", await page.Locator(".slider output").First.TextContentAsync());
        await page.Keyboard.PressAsync("Home");
        Assert.NotEqual(after, await PixelsAsync(page, after));

        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(page.Locator(".state")).ToHaveTextAsync("running");
        ILocator cancel = page.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true });
        await cancel.ClickAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("dialog")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".state")).ToHaveTextAsync("running");
        await cancel.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel the run" }).ClickAsync();
        await Assertions.Expect(page.Locator(".state")).ToHaveTextAsync("stopped");
        watch.AssertQuiet();
    }

    [RequiresFact(Requirement.Browser)]
    public async Task A_sweep_is_deleted_from_its_page_after_confirmation()
    {
        await using TestServer server = await StartAsync();
        string sweep = await server.SweepAsync(TinyRun.Sweep);
        await using PageWatch watch = await browser.OpenAsync(server.Url);
        IPage page = watch.Page;
        await watch.GoAsync($"#/sweeps/{sweep}");
        ILocator delete = page.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true });
        await delete.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep it" }).ClickAsync();
        await Assertions.Expect(page.Locator(".state").First).ToHaveTextAsync("finished");
        await delete.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete the sweep" }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice")).ToHaveTextAsync($"{sweep} is deleted");
        Assert.EndsWith("#/sweeps", page.Url, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_folder["runs"]));
        watch.AssertQuiet();
    }

    [RequiresFact(Requirement.Browser)]
    public async Task A_page_survives_a_restart_of_the_server()
    {
        int port = FreePort();
        var options = new ApiServerOptions { Urls = [$"http://127.0.0.1:{port}"] };
        PageWatch watch;
        string id;
        await using (TestServer first = await TestServer.StartWholeAsync(_folder["runs"], options))
        {
            id = (await first.SubmitAsync(Long)).Id;
            watch = await browser.OpenAsync(first.Url);
            await watch.GoAsync($"#/runs/{id}");
            await Assertions.Expect(watch.Page.Locator(".state")).ToHaveTextAsync("running");
        }

        await using (watch)
        {
            await Assertions.Expect(watch.Page.Locator(".lost")).ToBeVisibleAsync();
            await using TestServer second = await TestServer.StartWholeAsync(_folder["runs"], options);
            await Assertions.Expect(watch.Page.Locator(".lost")).ToBeHiddenAsync();

            // What was running continues by itself.
            await Assertions.Expect(watch.Page.Locator(".state")).ToHaveTextAsync("running");
            await watch.Page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
            await Assertions.Expect(watch.Page.Locator(".state")).ToHaveTextAsync("paused");
        }
    }

    [RequiresFact(Requirement.Browser)]
    public async Task Markup_in_a_name_is_shown_as_text()
    {
        await using TestServer server = await StartAsync();
        string id = (await server.SubmitAsync(TinyRun.Text.Replace("name: tiny", "name: '<img src=x onerror=\"window.hit=1\"><b>bold</b>'",
            StringComparison.Ordinal))).Id;
        await server.FollowAsync(id);
        await using PageWatch watch = await browser.OpenAsync(server.Url);
        foreach (string hash in (string[])["#/runs", $"#/runs/{id}"])
        {
            await watch.GoAsync(hash);
            await Assertions.Expect(watch.Page.GetByText("<img src=x onerror=\"window.hit=1\"><b>bold</b>").First).ToBeVisibleAsync();
            Assert.True(await watch.Page.EvaluateAsync<bool>("window.hit === undefined && !document.querySelector('img[src=x], main b')"));
        }

        watch.AssertQuiet();
    }

    [RequiresFact(Requirement.Browser)]
    public async Task A_viewer_signs_in_with_a_token_and_gets_no_buttons()
    {
        await using TestServer server = await TestServer.StartWholeAsync(
            _folder["runs"], new ApiServerOptions
            {
                Urls = ["http://127.0.0.1:0"],
                Token = "operator-token",
                ViewerToken = "viewer-token",
            });
        server.Client.DefaultRequestHeaders.Authorization = new("Bearer", "operator-token");
        string id = (await server.SubmitAsync(Long)).Id;
        await using PageWatch watch = await browser.OpenAsync(server.Url);
        IPage page = watch.Page;
        await watch.GoAsync($"#/runs/{id}");
        await page.GetByLabel("Token").FillAsync("no-token");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not one of the server's tokens");
        await watch.AssertUsableAsync("token");
        await SaveAsync(page, "token-1280");
        await page.GetByLabel("Token").FillAsync("viewer-token");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".state")).ToHaveTextAsync("running");
        await Assertions.Expect(page.Locator(".frame .hint")).ToContainTextAsync("step");
        Assert.Equal(0, await page.GetByRole(AriaRole.Button, new() { NameRegex = new("Cancel|Pause|Delete") }).CountAsync());
        Assert.False(await page.Locator("[data-page=start]").IsVisibleAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Token")).ToBeVisibleAsync();
        watch.AssertQuiet();
    }

    [RequiresFact(Requirement.Browser)]
    public async Task Every_page_works_in_light_and_dark_narrow_and_wide_and_loads_only_from_its_host()
    {
        await using TestServer server = await StartAsync();
        string id = (await server.SubmitAsync(TinyRun.Text)).Id;
        await server.FollowAsync(id);
        string sweep = await server.SweepAsync(TinyRun.Sweep);
        string running = (await server.SubmitAsync(Long)).Id;
        (string Name, string Hash, string Sign)[] pages =
        [
            ("runs", "#/runs", "table.plain tbody tr"), ("run", $"#/runs/{id}", ".gallery img:not([hidden])"),
                ("running", $"#/runs/{running}", "svg.timeline rect"),
            ("sweeps", "#/sweeps", "table.plain tbody tr"), ("sweep", $"#/sweeps/{sweep}", "circle.trial"),
            ("start", "#/start", "textarea"),
            ("start-sweep", "#/start/sweep", "textarea"), ("unknown", "#/runs/001-unknown", "h1"),
        ];
        foreach ((int width, ColorScheme scheme) in ((int, ColorScheme)[])[(1600, ColorScheme.Light), (400, ColorScheme.Dark)])
        {
            await using PageWatch watch = await browser.OpenAsync(server.Url, width, scheme);
            foreach ((string name, string hash, string sign) in pages)
            {
                await watch.GoAsync(hash);
                await Assertions.Expect(watch.Page.Locator(sign).First).ToBeVisibleAsync();
                await watch.AssertUsableAsync($"{name}, {width}, {scheme}");
                await SaveAsync(watch.Page, $"{name}-{width}-{scheme}");
            }

            watch.AssertQuiet();
        }
    }

    private Task<TestServer> StartAsync() => TestServer.StartWholeAsync(_folder["runs"], new ApiServerOptions
    {
        Urls = ["http://127.0.0.1:0"],
        Burst = 5000,
        RequestsPerSecond = 5000,
    });

    // For a person who wants to look at the pages.
    private static async Task SaveAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("VAECLUSTER_SCREENSHOTS") is { } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
    }

    // The decoded image; waits until it differs from the previous one.
    private static async Task<string> PixelsAsync(IPage page, string? before)
    {
        const string Read =
            """
            before => {
              const image = document.querySelector('img.decoded');
              if (!image.complete || !image.naturalWidth) return false;
              const canvas = document.createElement('canvas');
              [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
              canvas.getContext('2d').drawImage(image, 0, 0);
              const data = canvas.toDataURL();
              return data === before ? false : data;
            }
            """;
        IJSHandle handle = await page.WaitForFunctionAsync(Read, before ?? string.Empty);
        return await handle.JsonValueAsync<string>();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
