using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace VaeCluster.Server.Http;

/// <summary>
/// A session cookie that browsers send instead of the token, since images, downloads and event streams cannot send a header. It holds role,
/// expiry and id, signed with the store's random key: it survives restarts, is valid on every silo, and becomes invalid at sign-out and
/// when the tokens change. Nothing about the tokens can be computed from it.
/// </summary>
/// <param name="options">The tokens, and the clock.</param>
/// <param name="store">The key, and the sessions that have ended.</param>
internal sealed class SessionCookie(ApiServerOptions options, SessionStore store)
{
    private const string Name = "vaecluster-session";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly byte[] _key = HMACSHA256.HashData(store.Key,
        Encoding.UTF8.GetBytes($"vaecluster session\n{options.Token}\n{options.ViewerToken}"));

    /// <summary>Begins a session.</summary>
    /// <param name="context">The request.</param>
    /// <param name="role">The session's role.</param>
    internal void Write(HttpContext context, ApiRole role)
    {
        string id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        long end = (options.Time.GetUtcNow() + Lifetime).ToUnixTimeSeconds();
        string claim = string.Create(CultureInfo.InvariantCulture, $"{role}.{end}.{id}");
        context.Response.Cookies.Append(Name, $"{claim}.{Sign(claim)}", Attributes(context, Lifetime));
    }

    /// <summary>Ends a session, also for those who have copied its cookie.</summary>
    /// <param name="context">The request.</param>
    internal void End(HttpContext context)
    {
        if (Parse(context.Request) is { } session) store.End(session.Id, Lifetime);
        context.Response.Cookies.Delete(Name, Attributes(context, null));
    }

    /// <summary>The role of a session.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The role; null if there is no session, or if it has expired or was ended.</returns>
    internal ApiRole? Read(HttpRequest request) => Parse(request) is { } session && !store.IsEnded(session.Id) ? session.Role : null;

    private (ApiRole Role, string Id)? Parse(HttpRequest request)
    {
        if (request.Cookies[Name] is not { Length: < 200 } cookie
            || cookie.Split('.') is not [var role, var end, var id, var signature])
            return null;
        byte[] expected = Encoding.ASCII.GetBytes(Sign($"{role}.{end}.{id}"));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(signature))) return null;
        bool lasts = long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
            && seconds > options.Time.GetUtcNow().ToUnixTimeSeconds();
        return lasts && Enum.TryParse(role, out ApiRole known) ? (known, id) : null;
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
