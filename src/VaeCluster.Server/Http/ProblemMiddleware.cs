using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using VaeCluster.Core;
using VaeCluster.Service.Runs;
using VaeCluster.Service.Store;

namespace VaeCluster.Server.Http;

/// <summary>Turns every error, including the framework's own, into an <see cref="ApiProblem"/>.</summary>
/// <param name="next">The next middleware.</param>
/// <param name="options">The log for faults, and the limit that a message names.</param>
internal sealed class ProblemMiddleware(RequestDelegate next, ApiServerOptions options)
{
    /// <summary>Handles a request.</summary>
    /// <param name="context">The request.</param>
    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
                await WriteAsync(context, context.Response.StatusCode, WhatFor(context));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has disconnected.
        }
        catch (Exception) when (context.Response.HasStarted)
        {
            // The status has already been sent; the truncated response tells the caller that something went wrong.
            context.Abort();
        }
        catch (BadInputException fault)
        {
            await WriteAsync(context, StatusCodes.Status400BadRequest, fault.Message, fault);
        }
        catch (RunRefusedException refusal)
        {
            await WriteAsync(context, StatusOf(refusal.Reason), refusal.Message, refusal.Fault);
        }
        catch (BadHttpRequestException fault)
        {
            string detail = fault.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"the body is larger than {options.LargestBody} bytes"
                : fault.Message;
            await WriteAsync(context, fault.StatusCode, detail);
        }
        catch (IOException fault) when (FullDisk.Is(fault))
        {
            Log(context, fault);
            await WriteAsync(context, StatusCodes.Status507InsufficientStorage, "the server's disk is full; free some space");
        }
        catch (Exception fault)
        {
            Log(context, fault);
            await WriteAsync(context, StatusCodes.Status500InternalServerError, "internal error; see the server's log");
        }
    }

    /// <summary>Answers with a problem.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The HTTP status.</param>
    /// <param name="detail">One line.</param>
    /// <param name="fault">The input at fault, if any.</param>
    internal static Task WriteAsync(HttpContext context, int status, string detail, BadInputException? fault = null)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ApiProblem.ContentType;
        var problem = new ApiProblem
        {
            Status = status,
            Title = ReasonPhrases.GetReasonPhrase(status),
            Detail = detail,
            File = fault?.File,
            Field = fault?.Field,
            Value = fault?.Value,
            Allowed = fault?.Allowed,
        };
        return JsonSerializer.SerializeAsync(context.Response.Body, problem, ApiJson.Options, context.RequestAborted);
    }

    private void Log(HttpContext context, Exception fault) => options.Log?.Invoke(
        $"{context.Request.Method} {context.Request.Path}: {fault.GetType().Name}: {fault.Message.ReplaceLineEndings(" ")}");

    private static int StatusOf(RunRefusal reason) => reason switch
    {
        RunRefusal.NotFound => StatusCodes.Status404NotFound,
        RunRefusal.Conflict => StatusCodes.Status409Conflict,
        RunRefusal.Forbidden => StatusCodes.Status403Forbidden,
        RunRefusal.NoSpace => StatusCodes.Status507InsufficientStorage,
        _ => StatusCodes.Status503ServiceUnavailable,
    };

    private static string WhatFor(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status404NotFound => $"no such path: {context.Request.Path}",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Path} does not support {context.Request.Method}",
        int status => ReasonPhrases.GetReasonPhrase(status),
    };
}
