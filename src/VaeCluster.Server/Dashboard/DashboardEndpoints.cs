using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace VaeCluster.Server.Dashboard;

/// <summary>
/// Serves the dashboard's files, embedded in this assembly: one page, plain JavaScript modules and a style sheet. They need no build step,
/// so a clone without Node has the whole dashboard, and the code that is audited is the code that runs. The page may load nothing from
/// other servers.
/// </summary>
internal static class DashboardEndpoints
{
    private const string Assets = "/assets";

    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly Dictionary<string, string> Types = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private static readonly Dictionary<string, Asset> Files = Load();

    /// <summary>Whether a path belongs to the dashboard's files.</summary>
    /// <param name="path">The request's path.</param>
    internal static bool Are(PathString path) => path == "/" || path == "/favicon.ico" || path.StartsWithSegments(Assets);

    /// <summary>Adds the routes.</summary>
    /// <param name="routes">The server's routes.</param>
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/", [HttpMethods.Get, HttpMethods.Head], context => SendAsync(context, "index.html"));
        routes.MapMethods("/favicon.ico", [HttpMethods.Get, HttpMethods.Head], context => SendAsync(context, "icon.svg"));
        routes.MapMethods($"{Assets}/{{name}}", [HttpMethods.Get, HttpMethods.Head],
            context => SendAsync(context, (string)context.Request.RouteValues["name"]!));
    }

    // Look names up among the embedded files; never use them as paths.
    private static async Task SendAsync(HttpContext context, string name)
    {
        HttpResponse response = context.Response;
        if (!Files.TryGetValue(name, out Asset? asset))
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        IHeaderDictionary headers = response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = "no-cache"; // always revalidated; answered with 304 until the program changes
        headers.ETag = asset.Tag;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (context.Request.Headers.IfNoneMatch.Contains(asset.Tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        bool packed = context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        if (packed) headers.ContentEncoding = "br";
        byte[] content = packed ? asset.Packed : asset.Content;
        response.ContentType = asset.Type;
        response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await response.Body.WriteAsync(content, context.RequestAborted);
    }

    private static Dictionary<string, Asset> Load()
    {
        const string Folder = "Dashboard/";
        System.Reflection.Assembly assembly = typeof(DashboardEndpoints).Assembly;
        var files = new Dictionary<string, Asset>();
        foreach (string resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            string name = resource[Folder.Length..];
            files[name] = new Asset(Types[Path.GetExtension(name)], content, Pack(content),
                $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"");
        }

        return files;
    }

    private static byte[] Pack(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal)) brotli.Write(content);
        return packed.ToArray();
    }

    private sealed record Asset(string Type, byte[] Content, byte[] Packed, string Tag);
}
