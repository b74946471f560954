// Starts the page; in the built one, first.ts runs this when the first screen is painted.
import '$kit/tokens.css';
import '$kit/base.css';
import './rooms/gallery/first.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { sayStarted } from './rooms/gallery/leave';

const target = document.getElementById('app');
if (target) mount(App, { target });
if (!document.getElementById('first')) sayStarted();
