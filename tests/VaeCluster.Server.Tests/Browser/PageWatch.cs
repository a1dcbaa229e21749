using System.Collections.Concurrent;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace VaeCluster.Server.Tests.Browser;

/// <summary>Records the errors of a page and the hosts that it sends requests to.</summary>
internal sealed class PageWatch : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _faults = [];
    private readonly ConcurrentQueue<string> _elsewhere = [];
    private readonly string _url;

    internal PageWatch(IPage page, string url)
    {
        Page = page;
        _url = url;
        page.PageError += (_, error) => _faults.Enqueue(error);
        page.Console += (_, message) =>
        {
            // The page itself reports refused requests, but anything that the policy blocks is an error.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _faults.Enqueue(message.Text);
        };
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(url, StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
                _elsewhere.Enqueue(request.Url);
        };
    }

    internal IPage Page { get; }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();

    internal Task GoAsync(string hash) => Page.GotoAsync($"{_url}/{hash}");

    internal void AssertQuiet()
    {
        Assert.Empty(_faults);
        Assert.Empty(_elsewhere);
    }

    /// <summary>Checks that the page has no accessibility violations and is not wider than the window.</summary>
    internal async Task AssertUsableAsync(string what)
    {
        AxeResult result = await Page.RunAxe();
        AxeResultItem[] serious = [.. result.Violations.Where(violation => violation.Impact is "serious" or "critical")];
        Assert.True(serious.Length == 0, $"{what}: {string.Join("; ", serious.Select(item => $"{item.Id}: {item.Nodes.First().Html}"))}");
        int beyond = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(beyond <= 0, $"{what} is {beyond} pixels wider than the window");
    }
}
