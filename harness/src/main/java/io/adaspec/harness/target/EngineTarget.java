package io.adaspec.harness.target;

import io.adaspec.engine.Clock;
import io.adaspec.engine.Engine;
import io.adaspec.engine.EngineConfig;
import io.adaspec.engine.exec.Executor;
import io.adaspec.engine.request.Request;
import io.adaspec.engine.spec.CostModel;
import io.adaspec.engine.spec.PolicySpec;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/// The reference engine in this process. One thread owns the engine: it empties the inbox, steps
/// while there is work and parks while there is none.
///
/// The executor is borrowed: it outlives the target, and nobody else uses it until the target is
/// closed.
public final class EngineTarget implements ServingTarget {
  /// Something to do on the engine's thread between two steps.
  private interface Command {
    void run(Engine engine);
  }

  private final Queue<Command> inbox = new ConcurrentLinkedQueue<>();
  private final Engine engine;
  private final Listener listener;
  private final Thread thread;
  private volatile boolean closed;

  public EngineTarget(
      EngineConfig config,
      Executor executor,
      PolicySpec policy,
      CostModel cost,
      Clock clock,
      Listener listener) {
    this.listener = listener;
    engine =
        new Engine(config, executor, policy, cost, clock, listener::onStep, listener::onTokens);
    thread = Thread.ofPlatform().name("adaspec-engine").daemon().unstarted(this::serve);
  }

  /// Starts serving.
  ///
  /// @return this
  public EngineTarget start() {
    thread.start();
    return this;
  }

  @Override
  public void submit(Request request) {
    send(engine -> engine.submit(request));
  }

  @Override
  public void cancel(long requestId) {
    send(engine -> engine.cancel(requestId));
  }

  private void send(Command command) {
    inbox.add(command);
    LockSupport.unpark(thread);
  }

  private void serve() {
    try {
      while (!closed) {
        readInbox();
        if (engine.hasWork()) {
          engine.step();
        } else {
          // A command sent since the inbox was read has left a permit, so this returns at once.
          LockSupport.park(this);
        }
      }
      readInbox();
    } catch (RuntimeException | Error e) {
      listener.onFailure(e);
    }
  }

  private void readInbox() {
    for (Command next = inbox.poll(); next != null; next = inbox.poll()) {
      next.run(engine);
    }
  }

  /// Waits for the step that runs, even where the calling thread is interrupted: ending the process
  /// during a native forward would crash it.
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
