using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace VaeCluster.Server.Http;

/// <summary>
/// A session cookie that browsers send instead of the token, since images, downloads and event streams cannot send a header. It holds the
/// role and expiry, signed with a key derived from the tokens: it survives restarts, is valid on every silo, and becomes invalid when the
/// tokens change.
/// </summary>
/// <param name="options">The tokens, and the clock.</param>
internal sealed class SessionCookie(ApiServerOptions options)
{
    private const string Name = "vaecluster-session";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly byte[] _key = SHA256.HashData(Encoding.UTF8.GetBytes($"vaecluster session\n{options.Token}\n{options.ViewerToken}"));

    /// <summary>Begins a session.</summary>
    /// <param name="context">The request.</param>
    /// <param name="role">The session's role.</param>
    internal void Write(HttpContext context, ApiRole role)
    {
        string claim = string.Create(CultureInfo.InvariantCulture, $"{role}.{(options.Time.GetUtcNow() + Lifetime).ToUnixTimeSeconds()}");
        context.Response.Cookies.Append(Name, $"{claim}.{Sign(claim)}", Attributes(context, Lifetime));
    }

    /// <summary>Ends a session in the browser.</summary>
    /// <param name="context">The request.</param>
    internal static void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, Attributes(context, null));

    /// <summary>The role of a session.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The role; null if there is no session or it has expired.</returns>
    internal ApiRole? Read(HttpRequest request)
    {
        if (request.Cookies[Name] is not { Length: < 200 } cookie || cookie.Split('.') is not [var role, var end, var signature])
            return null;
        byte[] expected = Encoding.ASCII.GetBytes(Sign($"{role}.{end}"));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(signature))) return null;
        bool lasts = long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            && seconds > options.Time.GetUtcNow().ToUnixTimeSeconds();
        return lasts && Enum.TryParse(role, out ApiRole known) ? known : null;
    }

    private static CookieOptions Attributes(HttpContext context, TimeSpan? age) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
        MaxAge = age,
        IsEssential = true,
    };

    private string Sign(string claim) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.ASCII.GetBytes(claim)));
}
