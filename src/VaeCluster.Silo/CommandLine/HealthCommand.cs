using System.CommandLine;
using VaeCluster.CommandLine;
using VaeCluster.Server.Http;

namespace VaeCluster.Silo.CommandLine;

/// <summary><c>health</c>: asks the silo on this machine whether it is ready, for supervisors that check health with a command.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    internal static Command Create()
    {
        var urls = new Setting("--urls", "URLS",
            $"HTTP address of the silo (default {ApiServerOptions.DefaultUrl}); of several, the first is used.");
        var live = new Option<bool>("--live") { Description = "Ask only whether the process is alive." };
        var verb = new Verb("health", "Ask a silo on this machine whether it is ready: exit code 0 if so, otherwise 1 and the reason.")
        {
            Examples = ["health --urls http://127.0.0.1:5080"],
        };
        verb.Options.Add(urls.Option);
        verb.Options.Add(live);
        verb.SetAction(async (parsed, cancellation) =>
        {
            SettingValue given = urls.Read(parsed) ?? new SettingValue(urls.Option.Name, ApiServerOptions.DefaultUrl);
            Uri address = new(AddressOf(given), parsed.GetValue(live) ? "health/live" : "health/ready");
            using var client = new HttpClient { Timeout = AnswerTimeout };
            try
            {
                using HttpResponseMessage answer = await client.GetAsync(address, cancellation);
                string text = (await answer.Content.ReadAsStringAsync(cancellation)).Trim();
                TextWriter output = answer.IsSuccessStatusCode
                    ? parsed.InvocationConfiguration.Output
                    : parsed.InvocationConfiguration.Error;
                await output.WriteLineAsync(text);
                return answer.IsSuccessStatusCode ? ExitCodes.Done : ExitCodes.Failed;
            }
            catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"error: {address} does not answer: {fault.Message.ReplaceLineEndings(" ")}");
                return ExitCodes.Failed;
            }
        });
        return verb;
    }

    // A silo that listens on every address also listens on the loopback.
    private static Uri AddressOf(SettingValue urls)
    {
        const string Anywhere = "an address such as http://127.0.0.1:5080";
        string first = urls.Text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault()
            ?? throw urls.Refuse(Anywhere);
        string here = first.Replace("://*", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://+", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal).Replace("://[::]", "://[::1]", StringComparison.Ordinal);
        return Uri.TryCreate(here, UriKind.Absolute, out Uri? address) && address.Scheme == "http" ? address : throw urls.Refuse(Anywhere);
    }
}
