using System.Net;
using VaeCluster.Engine.Managed;
using VaeCluster.Server.Http;
using VaeCluster.Server.Tests.Fixtures;
using VaeCluster.Service.InProcess;

namespace VaeCluster.Server.Tests;

public sealed class ReadinessTests
{
    [Fact]
    public async Task A_server_whose_service_is_not_ready_is_alive_and_says_why_it_refuses_requests()
    {
        using var folder = new TempFolder();
        string? reason = "still joining";
        await using InProcessService service = await InProcessService.OpenAsync(new InProcessOptions
        {
            RunsFolder = folder["runs"],
            Engine = () => new ManagedEngine(),
        });
        var options = new ApiServerOptions
        {
            Urls = ["http://127.0.0.1:0"],
            WhyClosed = () => reason,
            WhyNotReady = _ => Task.FromResult<string?>(reason),
        };
        await using ApiServer server = await ApiServer.StartAsync(service.Runs, options);
        using var client = new HttpClient { BaseAddress = new Uri(server.Addresses[0]) };
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "health/live"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client, "health/ready"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client, "api/v1/runs"));
        reason = null;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "health/ready"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "api/v1/runs"));
    }

    [Fact]
    public async Task Without_a_service_only_health_checks_answer_and_need_no_token()
    {
        var options = new ApiServerOptions { Urls = ["http://0.0.0.0:0"] };
        await using ApiServer server = await ApiServer.StartHealthAsync(options);
        using var client = new HttpClient { BaseAddress = new UriBuilder(server.Addresses[0]) { Host = "127.0.0.1" }.Uri };
        client.DefaultRequestHeaders.Host = "10.0.0.7";
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "health/live"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "health/ready"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(client, "api/v1/runs"));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using HttpResponseMessage response = await client.GetAsync(new Uri(path, UriKind.Relative));
        return response.StatusCode;
    }
}
