using Microsoft.Playwright;
using VaeCluster.Server.Tests.Fixtures;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Tests.Browser;

/// <summary>
/// The screenshot of the dashboard in the documentation. To write it, docs/images/make.sh sets VAECLUSTER_PICTURES to the target and
/// VAECLUSTER_PICTURE_RUNS to a folder of runs, whose newest run is shown.
/// </summary>
[Collection(BrowserCollection.Name)]
public sealed class DocumentationPictureTests(BrowserFixture browser) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [RequiresFact(Requirement.Browser)]
    public async Task The_page_of_a_run_shows_its_curves_and_its_pictures()
    {
        string? given = Environment.GetEnvironmentVariable("VAECLUSTER_PICTURE_RUNS");
        await using TestServer server = await TestServer.StartAsync(given ?? _folder.Path);
        string id = given is null ? (await FinishedAsync(server)).Id : Directory.GetDirectories(given).Select(Path.GetFileName).Max()!;
        await using PageWatch page = await browser.OpenAsync(server.Url);
        await page.GoAsync($"#/runs/{id}");
        await Assertions.Expect(page.Page.Locator("svg.chart path.line").First).ToBeAttachedAsync();
        await Assertions.Expect(page.Page.Locator(".frame .hint")).ToContainTextAsync("checkpoint, step");
        await page.Page.WaitForLoadStateAsync(LoadState.Load);
        page.AssertQuiet();

        if (Environment.GetEnvironmentVariable("VAECLUSTER_PICTURES") is not { } target) return;
        await page.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(target, "dashboard.png") });
    }

    private static async Task<RunInfo> FinishedAsync(TestServer server)
    {
        RunInfo run = await server.SubmitAsync();
        return await server.FollowAsync(run.Id);
    }
}
